package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.CallerLevels;
import org.junit.jupiter.api.Test;

class EndpointerTest {
    private final Endpointer endpointer = new Endpointer();
    private final CallerLevels levels = new CallerLevels();
    private long now;
    private long onset = -1;

    @Test
    void speechIsNoticedWithinFortyMillisecondsAndItsBeginningIsDecodedToo() {
        hear(Sounds.silence(1000));
        int before = hear(Sounds.voice(40, -25));
        assertThat(onset).isBetween(1000L, 1020L);
        assertThat(before).as("frames of pre-roll and onset").isBetween(10, 16);
    }

    @Test
    void silenceAndAClickAreNoSpeech() {
        hear(Sounds.silence(1000));
        hear(Sounds.voice(20, -10));
        hear(Sounds.silence(1000));
        assertThat(endpointer.speaking()).isFalse();
    }

    @Test
    void whoSpeaksFarBelowTheCallerIsNotHeardAndTheCallerIs() {
        hear(Sounds.silence(500));
        hear(Sounds.voice(500, -22));
        levels.caller(endpointer.speechDbfs());

        var next = new EndpointerTest();
        next.endpointer.prompt(false, levels);
        next.hear(Sounds.silence(500));
        next.hear(Sounds.voice(2000, -42));
        assertThat(next.endpointer.speaking()).isFalse();
        next.hear(Sounds.voice(200, -34));
        assertThat(next.endpointer.speaking()).isTrue();
    }

    /** It keeps a yes from being final, so that it must not last: a room may begin to hum. */
    @Test
    void aSoftBeginningIsAwaitedForAsLongAsAWordMayHaveOne() {
        levels.caller(-22);
        endpointer.prompt(false, levels);
        hear(Sounds.silence(500));
        assertThat(endpointer.stirringMillis()).isZero();

        hear(Sounds.voice(400, -46));
        assertThat(endpointer.speaking()).isFalse();
        assertThat(endpointer.stirringMillis()).isEqualTo(400);
        hear(Sounds.voice(20, -46));
        assertThat(endpointer.stirringMillis()).as("too long for a word").isZero();
        hear(Sounds.voice(60, -22));
        assertThat(endpointer.speaking()).as("a word all the same").isTrue();
    }

    @Test
    void theEchoOfAnEarlierPromptIsKnownFromTheFirstFrameOn() {
        endpointer.prompt(true, levels);
        hear(Sounds.voice(1500, -36));
        endpointer.prompt(false, levels);
        assertThat(endpointer.speaking()).isFalse();
        assertThat(levels.echoDbfs()).isBetween(-38.0, -28.0);

        var again = new EndpointerTest();
        again.endpointer.prompt(true, levels);
        again.hear(Sounds.voice(500, -36));
        assertThat(again.endpointer.speaking()).as("an echo").isFalse();

        var answered = new EndpointerTest();
        answered.endpointer.prompt(true, levels);
        answered.hear(Sounds.voice(60, -15));
        assertThat(answered.endpointer.speaking()).as("at once").isTrue();
    }

    /** Over two mobiles and a satellite: what is sent says nothing of what has come back. */
    @Test
    void anEchoThatIsLongUnderWayIsLearnedFromItsFirstWord() {
        endpointer.prompt(true, levels);
        hear(Sounds.silence(600));
        hear(Sounds.voice(60, -38));
        hear(Sounds.voice(700, -18));
        hear(Sounds.voice(200, -45));
        hear(Sounds.voice(200, -18));

        assertThat(levels.echoDbfs()).isBetween(-20.0, -10.0);
        assertThat(endpointer.untold()).as("somebody louder").isTrue();
    }

    /** "Ich bin NICHT einverstanden", whose third word is no louder than the echo. */
    @Test
    void aWordThatIsNoLouderThanOurEchoIsHiddenBetweenTwoThatAre() {
        endpointer.prompt(true, levels);
        hear(Sounds.voice(1500, -36));
        hear(Sounds.silence(300));
        hear(Sounds.voice(300, -20));
        hear(Sounds.voice(140, -38));
        assertThat(endpointer.hiddenMillis()).as("it may be the echo behind a word").isZero();
        hear(Sounds.voice(300, -20));
        assertThat(endpointer.hiddenMillis()).isBetween(100, 160);

        var calm = new EndpointerTest();
        calm.endpointer.prompt(true, levels);
        calm.hear(Sounds.voice(300, -20));
        calm.hear(Sounds.silence(140));
        calm.hear(Sounds.voice(300, -20));
        assertThat(calm.endpointer.hiddenMillis())
                .as("a pause, and what a word leaves")
                .isLessThan(40);
    }

    @Test
    void theEndOfSpeechIsToldToTwentyMilliseconds() {
        hear(Sounds.silence(500));
        hear(Sounds.voice(600, -25));
        hear(Sounds.silence(240));
        assertThat(endpointer.quietMillis()).isBetween(220, 240);
        assertThat(endpointer.endMillis()).isBetween(1100L, 1120L);
        assertThat(endpointer.speechMillis()).isBetween(580, 640);
    }

    @Test
    void aQuietTalkerInAQuietRoomIsHeard() {
        hear(Sounds.noise(1000, -70, 1));
        hear(Sounds.voice(200, -45));
        assertThat(endpointer.speaking()).isTrue();
    }

    @Test
    void steadyNoiseThatBeginsIsTakenForSpeechForAWhileAndThenNoMore() {
        hear(Sounds.silence(500));
        hear(Sounds.noise(6000, -30, 2));
        assertThat(endpointer.quietMillis()).isGreaterThan(500);
        endpointer.reset();
        hear(Sounds.noise(3000, -30, 3));
        assertThat(endpointer.speaking()).isFalse();
        hear(Sounds.voice(300, -15));
        assertThat(endpointer.speaking()).isTrue();
    }

    @Test
    void theEchoOfOurOwnPromptIsNoSpeechHoweverMuchComesBack() {
        for (double echoLoss : new double[] {8, 14, 20, 30, 45}) {
            var fresh = new EndpointerTest();
            fresh.endpointer.prompt(true, levels);
            for (int sentence = 0; sentence < 4; sentence++) {
                fresh.hear(Sounds.voice(1500, -19 - echoLoss));
                fresh.hear(Sounds.silence(400));
            }
            assertThat(fresh.onset).as("echo %.0f dB below the prompt", echoLoss).isEqualTo(-1);
            // Its tail after the prompt is none either.
            fresh.endpointer.prompt(false, levels);
            fresh.hear(Sounds.voice(200, -19 - echoLoss));
            assertThat(fresh.onset).isEqualTo(-1);
        }
    }

    @Test
    void aCallerInterruptsThePromptWithinFortyMillisecondsThoughItEchoes() {
        endpointer.prompt(true, levels);
        hear(Sounds.voice(2000, -19 - 25));
        long began = now;
        hear(Sounds.mix(Sounds.voice(200, -19 - 25), Sounds.voice(200, -24)));
        assertThat(onset - began).isBetween(0L, 20L);
    }

    @Test
    void aWordBehindOneThatWasUnderstoodIsHeardFromTheFirstFrameOfThePrompt() {
        levels.caller(-20);
        endpointer.prompt(true, levels);
        hear(Sounds.voice(100, -24));
        assertThat(endpointer.speaking()).isTrue();
    }

    /** "Nein" and "right" grow louder by less than an echo may differ from frame to frame. */
    @Test
    void aWordThatSwellsBesideAPromptIsNoEchoOfIt() {
        levels.promptMillis(5000);
        endpointer.prompt(true, levels);
        hear(Sounds.silence(1000));
        for (double dbfs = -60; dbfs < -18; dbfs += 4) {
            hear(Sounds.voice(20, dbfs));
        }
        assertThat(endpointer.speaking()).isTrue();
    }

    @Test
    void aCallerAsQuietAsTheEchoIsHeardAfterThePrompt() {
        endpointer.prompt(true, levels);
        hear(Sounds.voice(2000, -40));
        endpointer.prompt(false, levels);
        hear(Sounds.silence(400));
        hear(Sounds.voice(200, -42));
        assertThat(endpointer.speaking()).isTrue();
    }

    @Test
    void framesMadeUpForLostOnesBeginNoSpeech() {
        hear(Sounds.silence(500));
        for (int i = 0; i < 10; i++) {
            take(Tone.sine(400, 20, 8000), PcmFrame.Origin.CONCEALED);
        }
        assertThat(endpointer.speaking()).isFalse();
    }

    private int hear(short[] sound) {
        int decoded = 0;
        for (int at = 0; at + 160 <= sound.length; at += 160) {
            decoded += take(Arrays.copyOfRange(sound, at, at + 160), PcmFrame.Origin.RECEIVED);
        }
        return decoded;
    }

    private int take(short[] samples, PcmFrame.Origin origin) {
        boolean before = endpointer.speaking();
        int frames = endpointer.take(new PcmFrame(samples, now, origin)).size();
        if (endpointer.untoldForLong()) {
            endpointer.reset();
        }
        if (!before && endpointer.speaking() && !endpointer.untold() && onset < 0) {
            onset = now;
        }
        now += 20;
        return frames;
    }
}
