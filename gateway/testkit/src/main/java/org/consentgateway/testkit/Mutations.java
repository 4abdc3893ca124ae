package org.consentgateway.testkit;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Octets that were right once, and then were not; the same again with the same random numbers.
 * Confined to one test.
 */
public final class Mutations {
    private static final int MOST_AT_ONCE = 6;
    private static final int MOST_CUT = 40;
    private static final int[] TELLING = {0, 1, 0x7F, 0x80, 0x90, 0xB0, 0xC8, 0xC9, 0xFE, 0xFF};

    /** Takes one input; whatever it throws is a finding. */
    public interface Target {
        void takes(byte[] input) throws Exception;
    }

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> words;
    private final int longest;

    /**
     * @param words put in here and there
     */
    public Mutations(int longest, List<byte[]> seeds, List<byte[]> words, Random random) {
        this.longest = longest;
        this.seeds = seeds;
        this.words = words;
        this.random = random;
    }

    /** Runs a fuzz target so often; says which input it was that broke it. */
    public void at(int rounds, Target target) {
        for (int round = 0; round < rounds; round++) {
            tell("round " + round, next(), target);
        }
    }

    /**
     * @param which input it is
     * @throws AssertionError with the input, if the target throws anything
     */
    public static void tell(String which, byte[] input, Target target) {
        try {
            target.takes(input);
        } catch (Exception | Error e) {
            throw new AssertionError(which + ": " + HexFormat.of().formatHex(input), e);
        }
    }

    public byte[] next() {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
            input = mutated(input);
        }
        return input.length > longest ? Arrays.copyOf(input, longest) : input;
    }

    private byte[] mutated(byte[] input) {
        if (input.length == 0) {
            return new byte[random.nextInt(1, 16)];
        }
        int at = random.nextInt(input.length);
        if (!words.isEmpty() && random.nextBoolean()) {
            int cut = random.nextBoolean() ? 0 : random.nextInt(MOST_CUT);
            return joined(joined(input, at, word(), 0), input, Math.min(input.length, at + cut));
        }
        byte[] changed = input.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 2 -> changed[at] = (byte) random.nextInt();
            case 3 -> changed = Arrays.copyOf(input, at);
            case 4 -> changed = joined(input, at, input, random.nextInt(input.length));
            default -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                changed = joined(input, at, other, random.nextInt(other.length));
            }
        }
        return changed;
    }

    /** One of them; now and then very often. */
    private byte[] word() {
        byte[] word = words.get(random.nextInt(words.size()));
        int times = random.nextInt(20) == 0 ? 300 : 1;
        byte[] all = new byte[word.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(word, 0, all, i * word.length, word.length);
        }
        return all;
    }

    private static byte[] joined(byte[] one, byte[] other, int from) {
        return joined(one, one.length, other, from);
    }

    /** The beginning of one and the end of another. */
    private static byte[] joined(byte[] one, int until, byte[] other, int from) {
        byte[] both = Arrays.copyOf(one, until + other.length - from);
        System.arraycopy(other, from, both, until, other.length - from);
        return both;
    }
}
