package org.consentgateway.notice;

import java.util.List;
import java.util.stream.Collectors;

/** The notices cannot be spoken as they are. Its message holds every problem, one a line. */
public final class BadNoticesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<NoticeProblem> problems;

    public BadNoticesException(List<NoticeProblem> problems) {
        super(problems.stream().map(NoticeProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<NoticeProblem> problems() {
        return problems;
    }
}
