package org.consentgateway.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;

/** What a party on a stream says, frame by frame. */
class PlayoutTest {
    private static final int FRAME = 160;

    private final Playout playout = new Playout(G711.PCMA);
    private final List<String> reached = new ArrayList<>();

    /** Loud octets, told apart by their value. */
    private static byte[] octets(int count, int value) {
        byte[] octets = new byte[count];
        Arrays.fill(octets, (byte) value);
        return octets;
    }

    private static byte[] silence(int frames) {
        byte[] octets = new byte[frames * FRAME];
        Arrays.fill(octets, G711.PCMA.toOctet((short) 0));
        return octets;
    }

    /** Octets of the queue that were played in one turn. */
    private int turn() {
        byte[] frame = new byte[FRAME];
        int octets = playout.peek(frame);
        reached.addAll(playout.take());
        return octets;
    }

    private int turns(int count) {
        int octets = 0;
        for (int i = 0; i < count; i++) {
            octets += turn();
        }
        return octets;
    }

    @Test
    void soundThatComesOctetByOctetIsPlayedInItsOrder() {
        int frames = 10;
        for (int i = 0; i < frames * FRAME; i++) {
            playout.put(octets(1, i % 100));
        }
        byte[] frame = new byte[FRAME];
        int at = 0;
        for (int octets = playout.peek(frame); octets > 0; octets = playout.peek(frame)) {
            for (int i = 0; i < octets; i++) {
                assertThat(frame[i]).isEqualTo((byte) (at % 100));
                at++;
            }
            reached.addAll(playout.take());
        }
        assertThat(at).isEqualTo(frames * FRAME);
    }

    @Test
    void soundOfAnyLengthIsPlayedInFramesAndEndsInSilence() {
        playout.put(octets(100, 1));
        playout.put(octets(300, 2));
        byte[] frame = new byte[FRAME];
        assertThat(playout.peek(frame)).isEqualTo(FRAME);
        assertThat(frame[99]).isEqualTo((byte) 1);
        assertThat(frame[100]).isEqualTo((byte) 2);
        assertThat(playout.take()).isEmpty();
        assertThat(turn()).isEqualTo(FRAME);
        assertThat(playout.peek(frame)).isEqualTo(80);
        assertThat(frame[80]).as("silence").isEqualTo(G711.PCMA.silence()[0]);
        assertThat(playout.take()).isEmpty();
        assertThat(turns(5)).isZero();
        assertThat(playout.position()).isEqualTo(400);
    }

    @Test
    void whoSendsAtTheSpeedOfSpeechIsGivenTwoFramesToBeLateIn() {
        playout.put(octets(FRAME, 1));
        assertThat(turn()).isZero();
        playout.put(octets(FRAME, 1));
        assertThat(turn()).isEqualTo(FRAME);
    }

    @Test
    void aLastShortWordIsPlayedThoughNothingFollows() {
        playout.put(octets(40, 1));
        assertThat(turns(Playout.FIRST_TURNS)).isZero();
        assertThat(turn()).isEqualTo(40);
    }

    @Test
    void aMarkIsReachedWhenAllBeforeItWasTaken() {
        playout.put(octets(2 * FRAME, 1));
        playout.mark("two");
        playout.put(octets(FRAME, 1));
        playout.mark("three");
        turn();
        assertThat(reached).isEmpty();
        turn();
        assertThat(reached).containsExactly("two");
        turn();
        assertThat(reached).containsExactly("two", "three");
    }

    @Test
    void aMarkInAnEmptyQueueIsReachedAtTheNextTurn() {
        playout.mark("now");
        turn();
        assertThat(reached).containsExactly("now");
    }

    @Test
    void whatIsNotTakenIsNotPlayed() {
        playout.put(octets(2 * FRAME, 1));
        byte[] frame = new byte[FRAME];
        assertThat(playout.peek(frame)).isEqualTo(FRAME);
        assertThat(playout.peek(frame)).isEqualTo(FRAME);
        assertThat(playout.position()).isZero();
    }

    @Test
    void afterAClearThereIsSilenceAndWhatWasPlayedIsKnown() {
        playout.put(octets(10 * FRAME, 1));
        playout.mark("end");
        turns(3);
        byte[] frame = new byte[FRAME];
        assertThat(playout.peek(frame)).isEqualTo(FRAME);
        var cleared = playout.clear();
        assertThat(playout.take()).as("the frame that was just looked at").isEmpty();
        assertThat(cleared.played()).isEqualTo(3 * FRAME);
        assertThat(cleared.marks()).containsExactly("end");
        assertThat(turns(5)).isZero();
        assertThat(playout.position()).isEqualTo(10 * FRAME);
        playout.put(octets(2 * FRAME, 2));
        assertThat(playout.peek(frame)).isEqualTo(FRAME);
        assertThat(frame).as("what was said since").containsOnly((byte) 2);
        assertThat(reached).isEmpty();
    }

    @Test
    void whoGreetedWhileItHadToWaitIsCaughtUpWithInItsPauses() {
        playout.put(octets(4 * FRAME, 1));
        playout.put(silence(100));
        playout.put(octets(4 * FRAME, 1));
        playout.heldBack();
        int turns = 0;
        while (playout.position() < 108 * FRAME) {
            turns++;
            turn();
        }
        assertThat(turns).isEqualTo(4 + Playout.PAUSE_FRAMES + 4);
    }

    @Test
    void aPauseInTheTalkStaysAsItIs() {
        turns(1);
        playout.put(octets(2 * FRAME, 1));
        turns(3);
        playout.put(octets(4 * FRAME, 1));
        playout.put(silence(100));
        playout.put(octets(4 * FRAME, 1));
        assertThat(turns(108)).isEqualTo(108 * FRAME);
    }

    @Test
    void moreThanFiveMinutesIsRefusedAndSoIsTheThousandAndFirstMark() {
        byte[] minute = octets(60 * 8000, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(playout.put(minute)).isTrue();
        }
        assertThat(playout.put(octets(1, 1))).isFalse();
        for (int i = 0; i < Playout.MOST_MARKS; i++) {
            assertThat(playout.mark("m")).isTrue();
        }
        assertThat(playout.mark("m")).isFalse();
    }

    @Test
    void aToneComesOutAsItWentIn() {
        byte[] tone = G711.PCMA.encode(Tone.sine(1000, 1000, 8000));
        playout.put(tone);
        byte[] out = new byte[tone.length];
        for (int at = 0; at < tone.length; at += FRAME) {
            byte[] frame = new byte[FRAME];
            assertThat(playout.peek(frame)).isEqualTo(FRAME);
            System.arraycopy(frame, 0, out, at, FRAME);
            assertThat(playout.take()).isEmpty();
        }
        assertThat(out).isEqualTo(tone);
    }
}
