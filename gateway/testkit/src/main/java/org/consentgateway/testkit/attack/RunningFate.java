package org.consentgateway.testkit.attack;

/**
 * What became of a running call beside an attack. Immutable.
 *
 * @param invite status of its INVITE, without which nothing else is; 0: no answer
 * @param sound until its BYE
 * @param byKernel whether the times of that are the kernel's
 * @param bye status of its BYE; 0: no answer
 * @param byeMillis from the first BYE to that
 */
public record RunningFate(
        int invite, RunningSound sound, boolean byKernel, int bye, long byeMillis) {
    private static final int OK = 200;

    /** Its sound is, and its BYE was answered. */
    public boolean isUnharmed() {
        return invite == OK && bye == OK && sound.isUnharmed();
    }

    @Override
    public String toString() {
        if (invite != OK) {
            return "running call: none, its INVITE was "
                    + (invite == 0 ? "not answered" : "answered " + invite);
        }
        return "running call: %d packets came, %d lost, longest gap %d ms, late beyond %d ms: %d, the latest %d ms (by %s); %s; its BYE %s"
                .formatted(
                        sound.packets(),
                        sound.lost(),
                        sound.longestGapMillis(),
                        RunningSound.BUDGET_MILLIS,
                        sound.late(),
                        sound.latestMillis(),
                        byKernel ? "a capture" : "a thread of the attack",
                        returned(),
                        bye == 0
                                ? "was not answered"
                                : "answered %d in %d ms".formatted(bye, byeMillis));
    }

    private String returned() {
        return sound.marked() == 0
                ? "nobody echoed it"
                : "of %d of ours %d came back"
                        .formatted(sound.marked(), sound.marked() - sound.unreturned());
    }
}
