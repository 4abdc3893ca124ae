package org.consentgateway.notice;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one load. What was found in the notices: what is wrong keeps the gateway from
 * starting, a caution is only said.
 *
 * @param overdue those of the cautions by which a day has passed: no check of the texts passes with
 *     them, but no line goes dead because of a day
 */
record NoticeFindings(
        List<NoticeProblem> errors, List<NoticeProblem> cautions, List<NoticeProblem> overdue) {
    static NoticeFindings none() {
        return new NoticeFindings(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void overdue(Spot spot, String what, String right) {
        caution(spot, what, right);
        overdue.add(cautions.getLast());
    }

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
