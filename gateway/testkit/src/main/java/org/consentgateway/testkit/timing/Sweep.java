package org.consentgateway.testkit.timing;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How much of a walk through many alike cases a run makes: each sixth, and all of them with {@code
 * -Dnightly}, as in {@code scripts/test app SpokenAnswersTest -Dnightly}. For cases that cost
 * seconds each and stand in order, so that what is left out lies between two that are tried.
 */
public final class Sweep {
    private static final boolean NIGHTLY = System.getProperty("nightly") != null;
    private static final int OF = 6;

    private Sweep() {}

    /** Rounds of the same with other random numbers. */
    public static int of(int rounds) {
        return NIGHTLY ? rounds : (rounds + OF - 1) / OF;
    }

    public static <T> List<T> of(List<T> cases) {
        return NIGHTLY
                ? cases
                : IntStream.range(0, cases.size())
                        .filter(i -> i % OF == 0)
                        .mapToObj(cases::get)
                        .toList();
    }
}
