package org.consentgateway.sip.counters;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * What became of the calls of one trunk, since start. Immutable.
 *
 * @param given final answers of ours to its INVITEs, by status; one for each call
 * @param got how calls of ours to it ended, the same; 408 or 503 where nobody answered (RFC 3261
 *     §8.1.3.1)
 * @param rejected its calls that we refused, by why
 */
public record TrunkCounters(
        String trunk,
        Map<Integer, Long> given,
        Map<Integer, Long> got,
        Map<Rejection, Long> rejected) {

    /**
     * Session Establishment Ratio (RFC 6076 §4.6), which telephone people know as ASR: the share of
     * calls that were answered. Redirected and challenged ones do not count.
     *
     * @return 0 to 1; none if no call was made
     */
    public static OptionalDouble establishment(Map<Integer, Long> answers) {
        return share(answers, status -> status / 100 == 2);
    }

    /**
     * Session Establishment Effectiveness Ratio (RFC 6076 §4.7), known as NER: the same, and who is
     * busy, away or declines (480, 486, 600, 603) was reached, too.
     */
    public static OptionalDouble effectiveness(Map<Integer, Long> answers) {
        return share(
                answers,
                status ->
                        status / 100 == 2
                                || status == 480
                                || status == 486
                                || status == 600
                                || status == 603);
    }

    /**
     * Ineffective Session Attempts (RFC 6076 §4.8): the share of all calls that ended with 408,
     * 500, 503 or 504, which is the network's failure and nobody's choice.
     */
    public static OptionalDouble ineffective(Map<Integer, Long> answers) {
        long all = sum(answers, _ -> true);
        return all == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (double)
                                        sum(
                                                answers,
                                                status ->
                                                        status == 408
                                                                || status == 500
                                                                || status == 503
                                                                || status == 504)
                                / all);
    }

    private static OptionalDouble share(Map<Integer, Long> answers, IntPredicate good) {
        long all = sum(answers, TrunkCounters::counts);
        return all == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) sum(answers, good) / all);
    }

    public static boolean counts(int status) {
        return status / 100 != 3 && status != 401 && status != 402 && status != 407;
    }

    private static long sum(Map<Integer, Long> answers, IntPredicate which) {
        return answers.entrySet().stream()
                .filter(answer -> which.test(answer.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
