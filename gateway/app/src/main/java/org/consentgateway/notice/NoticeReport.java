package org.consentgateway.notice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.words.Readability;

/**
 * Immutable. All notices as an editor wants to see them: every part with its scores, and every
 * problem. Wrong ones are told, not thrown.
 */
public record NoticeReport(
        List<Row> rows, List<NoticeProblem> errors, List<NoticeProblem> warnings) {

    /**
     * @param notice such as {@code demo/de/2026-11}
     * @param longest words of its longest sentence
     * @param ease Amstad for German, Flesch otherwise; empty where the text is too short to score
     * @param wiener Wiener Sachtextformel 1; empty as well where it is not German
     * @param seconds of its sound; empty where there is none
     */
    public record Row(
            String notice,
            String language,
            String part,
            String text,
            int words,
            int longest,
            OptionalDouble ease,
            OptionalDouble wiener,
            OptionalDouble seconds) {}

    public NoticeReport {
        rows = List.copyOf(rows);
        errors = List.copyOf(new LinkedHashSet<>(errors));
        warnings = List.copyOf(new LinkedHashSet<>(warnings));
    }

    public static NoticeReport of(Path folder, PromptLibrary prompts) {
        var errors = new ArrayList<NoticeProblem>();
        var warnings = new ArrayList<NoticeProblem>();
        List<NoticeDraft> drafts = NoticeLibrary.checked(folder, prompts, errors, warnings);
        var rows = new ArrayList<Row>();
        for (NoticeDraft draft : drafts) {
            String name = draft.lineage() + "/" + draft.language() + "/" + draft.version();
            draft.parts().forEach((part, text) -> rows.add(row(name, draft, part, text, prompts)));
        }
        return new NoticeReport(rows, errors, warnings);
    }

    private static Row row(
            String name, NoticeDraft draft, String part, NoticeText text, PromptLibrary prompts) {
        Readability score = Readability.of(draft.language(), text.value());
        boolean scored =
                score.words() >= NoticeCheck.SCORED_FROM_WORDS && !NoticeCheck.isDate(part);
        OptionalDouble seconds =
                switch (prompts.prompt(draft.language(), text.value())) {
                    case Prompt.Ready ready -> OptionalDouble.of(ready.clip().millis() / 1000.0);
                    case Prompt.Missing _ -> OptionalDouble.empty();
                };
        return new Row(
                name + (draft.variant().equals("a") ? "" : "." + draft.variant()),
                draft.language(),
                part,
                text.value(),
                score.words(),
                score.longest(),
                scored ? OptionalDouble.of(score.ease()) : OptionalDouble.empty(),
                scored ? score.wiener() : OptionalDouble.empty(),
                seconds);
    }
}
