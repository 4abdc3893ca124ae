package org.consentgateway.media.audio;

import org.consentgateway.media.codec.G711;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Immutable. Sound of a WAV file (RIFF): mono 16-bit linear samples. The array is not to be
 * written.
 *
 * @param rate Hz
 */
public record Wav(short[] samples, int rate) {
    /** Files above this (100 MB) are no prompts. */
    static final int MAX_OCTETS = 100_000_000;

    private static final int PCM = 1;
    private static final int ALAW = 6;
    private static final int ULAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int HEADER = 44;

    private record Format(int coding, int channels, int rate, int bits) {}

    /**
     * Reads PCM 16-bit, A-law or µ-law; several channels are mixed to one.
     *
     * @throws IOException where it cannot be read or is none of these; the message says what it is
     */
    public static Wav read(Path file) throws IOException {
        if (Files.size(file) > MAX_OCTETS) {
            throw new IOException(file + ": longer than " + MAX_OCTETS + " octets");
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    public static Wav parse(byte[] octets) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        if (octets.length < 12 || !tag(in, 0).equals("RIFF") || !tag(in, 8).equals("WAVE")) {
            throw new IOException("no WAV file");
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
        boolean readable = coding == PCM ? format.bits() == 16 : coding == ALAW || coding == ULAW;
        if (!readable || format.channels() < 1 || format.channels() > 8) {
            throw new IOException(
                    "WAV coding %d with %d bits and %d channels; wanted is PCM 16 bit, A-law or µ-law"
                            .formatted(coding, format.bits(), format.channels()));
        }
        if (format.rate() < 1000 || format.rate() > 384_000) {
            throw new IOException("WAV of " + format.rate() + " Hz");
        }
        return format;
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

    /** Ready to be played. */
    public AudioClip clip() {
        return AudioClip.of(at(PcmFrame.SAMPLE_RATE).samples());
    }

    /** As a file: RIFF, PCM, mono, 16 bit. */
    public byte[] octets() {
        int length = 2 * samples.length;
        ByteBuffer out = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(HEADER - 8 + length);
        out.put("WAVEfmt ".getBytes(StandardCharsets.ISO_8859_1)).putInt(16);
        out.putShort((short) PCM).putShort((short) 1).putInt(rate).putInt(2 * rate);
        out.putShort((short) 2).putShort((short) 16);
        out.put("data".getBytes(StandardCharsets.ISO_8859_1)).putInt(length);
        for (short sample : samples) {
            out.putShort(sample);
        }
        return out.array();
    }

    public void write(Path file) throws IOException {
        Files.write(file, octets());
    }
}
