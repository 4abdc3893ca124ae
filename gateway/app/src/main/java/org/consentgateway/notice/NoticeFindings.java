package org.consentgateway.notice;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one load. What was found in the notices: what is wrong keeps the gateway from
 * starting, a caution is only said.
 */
record NoticeFindings(List<NoticeProblem> errors, List<NoticeProblem> cautions) {
    void wrong(Spot spot, String what, String right) {
        errors.add(new NoticeProblem(spot, what, right));
    }

    /**
     * @param sentence the offending one
     */
    void wrong(NoticeText text, String what, String right, @Nullable String sentence) {
        errors.add(new NoticeProblem(text.spot(), what, right, sentence));
    }

    void caution(Spot spot, String what, String right) {
        cautions.add(new NoticeProblem(spot, what, right));
    }

    void caution(NoticeText text, String what, String right, @Nullable String sentence) {
        cautions.add(new NoticeProblem(text.spot(), what, right, sentence));
    }
}
