package org.consentgateway.notice;

import java.util.List;
import java.util.stream.Collectors;

/** The notices cannot be spoken as they are. Its message holds every problem, one a line. */
public final class BadNoticesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadNoticesException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
