package org.consentgateway.cli;

import java.io.IOException;
import java.util.List;
import org.consentgateway.notice.NoticeProblem;

/** Compares texts and recordings with what callers have heard, without writing anything. */
@FunctionalInterface
public interface SpokenBefore {
    /**
     * @return what a start would refuse: each part of a version that was spoken with other words,
     *     with another recording or on other terms
     * @throws IOException where the store cannot be asked
     */
    List<NoticeProblem> conflicts() throws IOException;
}
