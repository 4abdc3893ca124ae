package org.consentgateway.speech.voice;

import org.consentgateway.media.codec.G711;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Immutable. A mono sound from a RIFF/WAVE file: 16-bit PCM, A-law or µ-law, any rate.
 *
 * @param rate Hz
 * @param samples 16-bit linear; not to be written
 */
public record Wav(int rate, short[] samples) {
    private static final int PCM = 1;
    private static final int ALAW = 6;
    private static final int ULAW = 7;
    private static final int HEADER = 44;

    /** Ten minutes at 48 kHz: nobody records a longer prompt. */
    static final int MAX_OCTETS = 60_000_000;

    public static Wav read(Path file) throws IOException {
        if (Files.size(file) > MAX_OCTETS) {
            throw new IOException(file + ": longer than any prompt");
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IOException saying what is wrong, when it is no such file
     */
    public static Wav parse(byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < 12 || !name(in).equals("RIFF")) {
            throw new IOException("not a WAV file");
        }
        in.position(8);
        if (!name(in).equals("WAVE")) {
            throw new IOException("not a WAV file");
        }
        int format = 0;
        int rate = 0;
        int bits = 0;
        while (in.remaining() >= 8) {
            String chunk = name(in);
            int size = in.getInt();
            // A program that writes to a pipe cannot know the size: then the rest is the sound.
            int there = size < 0 || size > in.remaining() ? in.remaining() : size;
            int next = in.position() + there + (there & 1);
            if (chunk.equals("fmt ") && there >= 16) {
                format = in.getShort() & 0xFFFF;
                int channels = in.getShort();
                rate = in.getInt();
                in.position(in.position() + 6);
                bits = in.getShort();
                if (channels != 1) {
                    throw new IOException(channels + " channels; a prompt has one (mono)");
                }
                if (rate < 4000 || rate > 192_000) {
                    throw new IOException("a sample rate of " + rate + " Hz");
                }
            } else if (chunk.equals("data")) {
                byte[] octets = new byte[there];
                in.get(octets);
                return new Wav(rate, linear(format, bits, octets));
            }
            in.position(Math.min(next, in.limit()));
        }
        throw new IOException("a WAV file without sound");
    }

    private static short[] linear(int format, int bits, byte[] octets) throws IOException {
        if (format == PCM && bits == 16) {
            short[] samples = new short[octets.length / 2];
            ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        }
        if (format == ALAW && bits == 8) {
            return G711.PCMA.decode(octets);
        }
        if (format == ULAW && bits == 8) {
            return G711.PCMU.decode(octets);
        }
        throw new IOException(
                "WAV format %d with %d bits; 16-bit PCM, A-law or µ-law is wanted"
                        .formatted(format, bits));
    }

    /** An A-law WAV file at 8 kHz: half the size of PCM, and what goes over the line anyway. */
    static byte[] alaw(short[] samples) {
        byte[] octets = G711.PCMA.encode(samples);
        byte[] file = new byte[HEADER + octets.length + (octets.length & 1)];
        header(file, ALAW, 8, octets.length).put(octets);
        return file;
    }

    /** A 16-bit PCM WAV file at 8 kHz. */
    public static byte[] pcm(short[] samples) {
        byte[] file = new byte[HEADER + samples.length * 2];
        header(file, PCM, 16, samples.length * 2).asShortBuffer().put(samples);
        return file;
    }

    private static ByteBuffer header(byte[] file, int format, int bits, int length) {
        int padded = file.length - HEADER;
        ByteBuffer out = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(36 + padded).put(ascii("WAVE"));
        out.put(ascii("fmt ")).putInt(16).putShort((short) format).putShort((short) 1);
        out.putInt(8000)
                .putInt(8000 * bits / 8)
                .putShort((short) (bits / 8))
                .putShort((short) bits);
        return out.put(ascii("data")).putInt(length);
    }

    private static String name(ByteBuffer in) {
        byte[] four = new byte[4];
        in.get(four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
