package org.consentgateway.testkit.attack;

import java.util.List;

/**
 * All packets of a running call. Immutable.
 *
 * @param sent by us
 * @param byKernel whether the times are those of the kernel
 */
record Heard(List<Passed> sent, List<Passed> came, boolean byKernel) {
    /**
     * @param firstMark of ours that has to come back
     * @param lastMark the last that has to
     */
    RunningSound between(int firstMark, int lastMark, Moment begin, Moment end) {
        long from = byKernel ? begin.sinceEpochNanos() : begin.nanos();
        long until = byKernel ? end.sinceEpochNanos() : end.nanos();
        return RunningSound.of(
                sent.stream()
                        .filter(each -> each.mark() >= firstMark && each.mark() <= lastMark)
                        .toList(),
                came.stream()
                        .filter(each -> each.nanos() >= from && each.nanos() <= until)
                        .toList());
    }
}
