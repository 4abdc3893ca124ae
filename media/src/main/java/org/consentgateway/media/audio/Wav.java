package org.consentgateway.media.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.consentgateway.media.codec.G711;

/**
 * Sound of a WAV file (RIFF), as mono 16-bit linear samples. Immutable.
 *
 * <p>Read and written here and not by {@code javax.sound.sampled}: that looks for its readers in
 * every jar of the class path, which makes the loading of the shipped prompts 0.26 s longer (0.08
 * to 0.34 s for 244 files), it cannot say what a coding is that it does not read (a recording in
 * GSM is "unsupported"), and it takes AIFF and plays MIDI files.
 *
 * @param samples not to be written
 * @param rate Hz
 */
public record Wav(short[] samples, int rate) {
    /** Files above this (100 MB) are no prompts. */
    static final int MAX_OCTETS = 100_000_000;

    /**
     * Hz. Every rate in use is a multiple, also 11,025 and its; with any other one a file of 50
     * octets would cost a table of 100 MiB when it is brought to ours.
     */
    private static final int RATE_STEP = 25;

    private static final int PCM = 1;
    private static final int ALAW = 6;
    private static final int ULAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int HEADER = 44;
    private static final int MAX_CHANNELS = 8;

    private record Format(int coding, int channels, int rate, int bits) {}

    /**
     * Reads PCM 16-bit, A-law or µ-law; several channels are mixed to one.
     *
     * @throws IOException if it cannot be read or is none of these; the message says what it is
     */
    public static Wav read(Path file) throws IOException {
        return read(file, MAX_CHANNELS);
    }

    /** The same, but several channels are refused: a prompt is one voice. */
    public static Wav readMono(Path file) throws IOException {
        return read(file, 1);
    }

    private static Wav read(Path file, int mostChannels) throws IOException {
        if (Files.size(file) > MAX_OCTETS) {
            throw new IOException(file + ": longer than " + MAX_OCTETS + " octets");
        }
        try {
            return parse(Files.readAllBytes(file), mostChannels);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@link #read} of what is in memory. */
    public static Wav parse(byte[] file) throws IOException {
        return parse(file, MAX_CHANNELS);
    }

    /** {@link #readMono} of what is in memory. */
    public static Wav parseMono(byte[] file) throws IOException {
        return parse(file, 1);
    }

    private static Wav parse(byte[] octets, int mostChannels) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        if (octets.length < 12 || !tag(in, 0).equals("RIFF") || !tag(in, 8).equals("WAVE")) {
            throw new IOException("not a WAV file");
        }
        Format format = null;
        long at = 12;
        while (at + 8 <= octets.length) {
            String name = tag(in, (int) at);
            // A writer that streams leaves the length at its maximum: to the end, then.
            long length = Math.min(in.getInt((int) at + 4) & 0xFFFFFFFFL, octets.length - at - 8);
            int body = (int) at + 8;
            if (name.equals("fmt ") && length >= 16) {
                format = format(in, body, (int) length);
                if (format.channels() > mostChannels) {
                    throw new IOException(format.channels() + " channels; wanted is one (mono)");
                }
            } else if (name.equals("data")) {
                if (format == null) {
                    throw new IOException("WAV data before its format");
                }
                return new Wav(mono(in, body, (int) length, format), format.rate());
            }
            at = body + length + (length & 1);
        }
        throw new IOException("WAV file without data");
    }

    private static String tag(ByteBuffer in, int at) {
        byte[] name = new byte[4];
        in.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static Format format(ByteBuffer in, int at, int length) throws IOException {
        int coding = in.getShort(at) & 0xFFFF;
        if (coding == EXTENSIBLE && length >= 26) {
            coding = in.getShort(at + 24) & 0xFFFF;
        }
        Format format =
                new Format(
                        coding,
                        in.getShort(at + 2) & 0xFFFF,
                        in.getInt(at + 4),
                        in.getShort(at + 14) & 0xFFFF);
        boolean readable = format.bits() == bits(coding);
        if (!readable || format.channels() < 1 || format.channels() > MAX_CHANNELS) {
            throw new IOException(
                    "WAV coding %d with %d bits and %d channels; wanted is PCM 16 bit, A-law or µ-law"
                            .formatted(coding, format.bits(), format.channels()));
        }
        if (format.rate() < 1000 || format.rate() > 384_000 || format.rate() % RATE_STEP != 0) {
            throw new IOException("WAV of " + format.rate() + " Hz");
        }
        return format;
    }

    private static int bits(int coding) {
        return switch (coding) {
            case PCM -> 16;
            case ALAW, ULAW -> 8;
            default -> -1;
        };
    }

    private static short[] mono(ByteBuffer in, int at, int length, Format format) {
        int width = format.coding() == PCM ? 2 : 1;
        int channels = format.channels();
        short[] mono = new short[length / (width * channels)];
        for (int i = 0; i < mono.length; i++) {
            int sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += sample(in, at + (i * channels + channel) * width, format.coding());
            }
            mono[i] = (short) (sum / channels);
        }
        return mono;
    }

    private static short sample(ByteBuffer in, int at, int coding) {
        return switch (coding) {
            case ALAW -> G711.PCMA.toLinear(in.get(at));
            case ULAW -> G711.PCMU.toLinear(in.get(at));
            default -> in.getShort(at);
        };
    }

    /** The same sound at another rate. */
    public Wav at(int hertz) {
        return hertz == rate ? this : new Wav(new Resampler(rate, hertz).resample(samples), hertz);
    }

    /** Its beginning, or all of it if it is no longer. */
    public Wav first(long millis) {
        long most = Math.min(rate * millis / 1000, samples.length);
        return new Wav(Arrays.copyOf(samples, (int) most), rate);
    }

    /** Ready to be played. */
    public AudioClip clip() {
        return AudioClip.of(at(PcmFrame.SAMPLE_RATE).samples());
    }

    /** As a file: RIFF, PCM, mono, 16 bit. */
    public byte[] octets() {
        ByteBuffer sound = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        sound.asShortBuffer().put(samples);
        return file(PCM, sound.array());
    }

    /** As a file of A-law: half the size of PCM, and what goes over the line anyway. */
    public byte[] alawOctets() {
        return file(ALAW, G711.PCMA.encode(samples));
    }

    private byte[] file(int coding, byte[] sound) {
        int width = bits(coding) / 8;
        int padded = sound.length + (sound.length & 1);
        ByteBuffer out = ByteBuffer.allocate(HEADER + padded).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(HEADER - 8 + padded).put(ascii("WAVEfmt ")).putInt(16);
        out.putShort((short) coding).putShort((short) 1).putInt(rate).putInt(width * rate);
        out.putShort((short) width).putShort((short) (8 * width));
        out.put(ascii("data")).putInt(sound.length).put(sound);
        return out.array();
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    public void write(Path file) throws IOException {
        Files.write(file, octets());
    }
}
