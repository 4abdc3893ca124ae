package org.consentgateway.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound that comes piece by piece. {@link Tone} has 8 kHz, so frequencies are told as there. */
class ResamplerTest {
    private static final String RATES =
            """
            8000, 24000
            24000, 8000
            16000, 24000
            24000, 16000
            8000, 16000
            48000, 8000
            """;

    private static short[] joined(List<short[]> pieces) {
        short[] all = new short[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (short[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }

    /** 500 ms of 1 kHz. */
    private static short[] tone(int rate) {
        return Tone.sine(1000.0 * 8000 / rate, 500 * rate / 8000, 9000);
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATES)
    void eachFrameBecomesAFrame(int from, int to) {
        Resampler.Piecewise flow = new Resampler(from, to).piecewise();
        short[] tone = tone(from);
        List<short[]> out = new ArrayList<>();
        for (int at = 0; at < tone.length; at += from / 50) {
            short[] frame = flow.next(Arrays.copyOfRange(tone, at, at + from / 50), from / 50);
            assertThat(frame).hasSize(to / 50);
            out.add(frame);
        }
        short[] settled = Arrays.copyOfRange(joined(out), to / 100, to / 2);
        assertThat(Tone.share(settled, 1000.0 * 8000 / to)).isGreaterThan(0.99);
        assertThat(Tone.level(settled)).isCloseTo(9000 / Math.sqrt(2), within(60.0));
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATES)
    void whateverThePiecesAreItIsTheSameSound(int from, int to) {
        short[] tone = tone(from);
        Resampler resampler = new Resampler(from, to);
        Resampler.Piecewise whole = resampler.piecewise();
        List<short[]> atOnce = List.of(whole.next(tone, tone.length), whole.rest());
        Resampler.Piecewise flow = resampler.piecewise();
        var random = new Random(7);
        List<short[]> pieces = new ArrayList<>();
        for (int at = 0; at < tone.length; ) {
            int length = Math.min(tone.length - at, random.nextInt(700));
            pieces.add(flow.next(Arrays.copyOfRange(tone, at, at + length), length));
            at += length;
        }
        pieces.add(flow.rest());
        assertThat(joined(pieces)).isEqualTo(joined(atOnce));
    }

    @ParameterizedTest
    @CsvSource(textBlock = RATES)
    void whatWasClearedIsNotHeardAndTheRestOtherwiseIs(int from, int to) {
        Resampler.Piecewise flow = new Resampler(from, to).piecewise();
        short[] tone = tone(from);
        flow.next(tone, tone.length);
        assertThat(Tone.level(flow.rest())).as("the tail").isGreaterThan(1000);
        assertThat(flow.next(new short[from / 50], from / 50)).containsOnly((short) 0);
        flow.next(tone, tone.length);
        flow.clear();
        assertThat(flow.next(new short[from / 50], from / 50)).containsOnly((short) 0);
    }

    @ParameterizedTest
    @CsvSource(textBlock = "24000, 8000\n24000, 16000\n48000, 8000")
    void whatTheNewRateCannotHoldIsGoneAndNotFoldedBack(int from, int to) {
        Resampler.Piecewise flow = new Resampler(from, to).piecewise();
        double above = 0.6 * to;
        short[] tone = Tone.sine(above * 8000 / from, 500 * from / 8000, 9000);
        short[] out = flow.next(tone, tone.length);
        assertThat(Tone.level(Arrays.copyOfRange(out, to / 50, out.length))).isLessThan(10);
    }
}
