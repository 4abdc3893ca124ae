package org.consentgateway.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Immutable. A configuration that must not start, with all that is wrong in it. */
public final class WrongConfiguration extends Exception {
    @Serial private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    WrongConfiguration(List<Problem> problems) {
        super(told(problems));
        this.problems = List.copyOf(problems);
    }

    /** In the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    private static String told(List<Problem> problems) {
        String count = problems.size() == 1 ? "one mistake" : problems.size() + " mistakes";
        return problems.stream()
                .map(Problem::toString)
                .collect(
                        Collectors.joining(
                                System.lineSeparator(),
                                "",
                                System.lineSeparator()
                                        + "The configuration has "
                                        + count
                                        + "; nothing was started."));
    }
}
