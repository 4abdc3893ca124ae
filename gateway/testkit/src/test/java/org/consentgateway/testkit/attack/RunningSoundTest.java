package org.consentgateway.testkit.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.testkit.RtpPacket;
import org.junit.jupiter.api.Test;

class RunningSoundTest {
    private static final long MILLI = 1_000_000;
    private static final int FRAME = 160;

    /** Behind 65,533 comes 0 before long. */
    private static final int FIRST = 65_530;

    private static List<Passed> sent(int count) {
        List<Passed> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(new Passed(i * 20L * MILLI, i, i * FRAME, i));
        }
        return sent;
    }

    /** Each of them 5 ms later, by numbers of somebody else. */
    private static List<Passed> echoes(int count) {
        return new ArrayList<>(
                sent(count).stream()
                        .map(each ->
                                new Passed(
                                        each.nanos() + 5 * MILLI,
                                        FIRST + each.sequence() & 0xFFFF,
                                        each.timestamp(),
                                        each.mark()))
                        .toList());
    }

    @Test
    void whatComesBackWholeAndInTimeIsUnharmed() {
        RunningSound sound = RunningSound.of(sent(20), echoes(20));
        assertThat(sound).isEqualTo(new RunningSound(20, 0, 20, 0, 20, 0, 5));
        assertThat(sound.isUnharmed()).isTrue();
    }

    @Test
    void aPacketThatIsMissingIsLostOnBothWays() {
        List<Passed> came = echoes(20);
        came.remove(7);
        RunningSound sound = RunningSound.of(sent(20), came);
        assertThat(sound).isEqualTo(new RunningSound(19, 1, 20, 1, 40, 0, 5));
        assertThat(sound.isUnharmed()).isFalse();
    }

    /** The gateway fills what did not come with a number of its own. */
    @Test
    void aPacketOfOursThatNeverCameBackIsLostWhateverTheNumbersSay() {
        List<Passed> came = echoes(20);
        Passed filled = came.get(7);
        came.set(
                7,
                new Passed(filled.nanos(), filled.sequence(), filled.timestamp(), Passed.NO_MARK));
        RunningSound sound = RunningSound.of(sent(20), came);
        assertThat(sound.lost()).isZero();
        assertThat(sound.unreturned()).isEqualTo(1);
        assertThat(sound.isUnharmed()).isFalse();
    }

    @Test
    void whatComesBackLaterThanTheBudgetIsLateAndWhatWeSentLateIsNot() {
        List<Passed> sent = sent(20);
        List<Passed> came = echoes(20);
        sent.set(19, new Passed(sent.get(19).nanos() + 500 * MILLI, 19, 19 * FRAME, 19));
        came.set(19, new Passed(came.get(19).nanos() + 500 * MILLI, FIRST + 19 & 0xFFFF, 0, 19));
        assertThat(RunningSound.of(sent, came).late()).isZero();
        came.set(18, new Passed(came.get(18).nanos() + 56 * MILLI, FIRST + 18 & 0xFFFF, 0, 18));
        RunningSound sound = RunningSound.of(sent, came);
        assertThat(sound.late()).isEqualTo(1);
        assertThat(sound.latestMillis()).isEqualTo(61);
        assertThat(sound.isUnharmed()).isFalse();
    }

    @Test
    void whereNobodyEchoesTheTimestampsSayWhatIsLate() {
        List<Passed> came = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long late = i == 12 ? 70 : i % 3;
            came.add(new Passed((i * 20L + late) * MILLI, i, i * FRAME, Passed.NO_MARK));
        }
        RunningSound sound = RunningSound.of(sent(20), came);
        assertThat(sound).isEqualTo(new RunningSound(20, 0, 0, 0, 88, 1, 70));
    }

    @Test
    void nothingThatCameIsHarm() {
        assertThat(RunningSound.of(sent(20), List.of()).isUnharmed()).isFalse();
    }

    @Test
    void aMarkIsReadFromTheSoundThatBearsIt() {
        for (int number : new int[] {0, 1, 4711, 65_535}) {
            byte[] octets = new RtpPacket(false, 8, number, 77, 5, Passed.sound(number)).octets();
            assertThat(Passed.of(1, octets, octets.length))
                    .isEqualTo(new Passed(1, number, 77, number));
        }
        byte[] silence = new RtpPacket(false, 8, 1, 77, 5, new byte[FRAME]).octets();
        assertThat(Passed.of(1, silence, silence.length).mark()).isEqualTo(Passed.NO_MARK);
    }
}
