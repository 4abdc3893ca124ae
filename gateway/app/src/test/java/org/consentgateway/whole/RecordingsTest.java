package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.whole.Recordings.Word;
import org.junit.jupiter.api.Test;

/** That a pause between two words is as long as the laws say which are made of them. */
class RecordingsTest {
    private static final int AROUND_MILLIS = 60;

    /** In a frame of 20 ms that a word begins or ends in. */
    private static final int FRAME_MILLIS = 20;

    private static short[] said(int beforeMillis, int millis, int behindMillis, int hum) {
        short[] before = Tone.sine(50, beforeMillis, hum);
        short[] all = Arrays.copyOf(before, 8 * (beforeMillis + millis + behindMillis));
        return Recordings.over(all, beforeMillis, Tone.sine(500, millis, 8000));
    }

    @Test
    void whatHumsBeforeAWordIsNoPartOfIt() {
        short[] quiet = Recordings.spoken(said(440, 300, 200, 0));
        short[] humming = Recordings.spoken(said(440, 300, 200, 3000));

        assertThat(quiet).hasSize(8 * (300 + 2 * AROUND_MILLIS));
        assertThat(humming).hasSameSizeAs(quiet);
    }

    @Test
    void thereIsAsMuchAroundAWordThatFillsItsLabel() {
        short[] word = Recordings.spoken(said(0, 300, 0, 0));

        assertThat(word).hasSize(8 * (300 + 2 * AROUND_MILLIS));
        assertThat(Arrays.copyOf(word, 8 * AROUND_MILLIS)).containsOnly((short) 0);
        assertThat(word[8 * AROUND_MILLIS + 4]).isNotZero();
    }

    @Test
    void aPauseIsWhatIsSilentBetweenTheWords() {
        short[] word = Recordings.spoken(said(440, 300, 200, 0));
        short[] turn = Recordings.turn(word, 1000, word);

        int silent = 0;
        int most = 0;
        for (short sample : turn) {
            silent = Math.abs(sample) < 10 ? silent + 1 : 0;
            most = Math.max(most, silent);
        }
        assertThat(most / 8).isBetween(1000 - FRAME_MILLIS, 1000 + FRAME_MILLIS);
    }

    /** But for a frame at each end, in which the filter has just begun. */
    @Test
    void nothingIsLeftToTakeAwayOfWhatPeopleSay() throws Exception {
        for (Word word : Recordings.ofPeople().words()) {
            int less = word.samples().length - Recordings.spoken(word.samples()).length;
            assertThat(less / 8).as(word.name()).isBetween(-2 * FRAME_MILLIS, 2 * FRAME_MILLIS);
            assertThat(word.millis()).as(word.name()).isPositive();
        }
    }
}
