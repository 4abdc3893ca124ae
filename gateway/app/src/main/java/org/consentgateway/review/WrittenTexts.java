package org.consentgateway.review;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.consentgateway.api.text.TextReview;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The texts in their files, checked as scripts/gateway notices check does; once more
 * where a file has changed (of a text, a recording or a language), the configuration wants
 * something else of them, or a day has begun.
 */
public final class WrittenTexts implements TextReview {
    private final Supplier<TextSources> sources;
    private final Supplier<Path> languages;
    private @Nullable Review last;
    private @Nullable State seen;

    /**
     * By which it is told whether the last look still holds: all that the check goes by.
     *
     * @param use with the day
     */
    private record State(NoticeUse use, boolean synthesise, FilesSeen languages, FilesSeen texts) {}

    /**
     * @param sources as of today
     * @param languages the folder in which the files of the languages are
     */
    public WrittenTexts(Supplier<TextSources> sources, Supplier<Path> languages) {
        this.sources = sources;
        this.languages = languages;
    }

    @Override
    public synchronized Review look() throws IOException {
        // Before they are read: of what changes meanwhile, the next look tells.
        FilesSeen read = FilesSeen.below(languages.get());
        TextSources now = sources.get();
        State state = state(now, read);
        Review review = last;
        if (review == null || !state.equals(seen)) {
            review = review(now);
            last = review;
            seen = state;
        }
        return review;
    }

    private static State state(TextSources sources, FilesSeen languages) throws IOException {
        return new State(
                sources.use(),
                sources.voice().synthesise(),
                languages,
                FilesSeen.below(sources.notices(), sources.voice().recordings()));
    }

    private static Review review(TextSources sources) {
        NoticeReport report = NoticeReport.of(sources, PromptLibrary.open(sources.voice()));
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        for (NoticeReport.Row row : report.rows()) {
            parts.computeIfAbsent(row.notice(), _ -> new ArrayList<>()).add(part(row));
        }
        List<Finding> findings = new ArrayList<>();
        findings(report.errors(), "wrong", sources.notices(), findings);
        findings(report.overdue(), "overdue", sources.notices(), findings);
        findings(
                report.cautions().stream()
                        .filter(each -> !report.overdue().contains(each))
                        .toList(),
                "better",
                sources.notices(),
                findings);
        return new Review(
                NoticeReport.written(sources).stream()
                        .map(each -> version(each, parts.getOrDefault(each.name(), List.of())))
                        .toList(),
                List.copyOf(findings));
    }

    private static Part part(NoticeReport.Row row) {
        Map<String, Double> scores = new LinkedHashMap<>();
        row.scores().forEach((formula, score) -> scores.put(formula.name(), score));
        return new Part(
                row.part(),
                row.text(),
                row.words(),
                row.longest(),
                scores,
                row.sound().map(NoticeReport.Sound::seconds).orElse(null));
    }

    private static Version version(NoticeReport.Written written, List<Part> parts) {
        NoticeReport.Key key = written.key();
        return new Version(
                new Name(key.lineage(), key.language(), key.version(), key.variant()),
                written.validFrom().toString(),
                written.review().toString(),
                written.approvedBy(),
                written.approvedOn(),
                List.copyOf(parts));
    }

    /** Those of one kind, with their files as seen from this folder. */
    static void findings(
            List<NoticeProblem> problems, String kind, Path folder, List<Finding> into) {
        for (NoticeProblem each : problems) {
            String key = each.key().isEmpty() ? "" : each.key() + ": ";
            into.add(
                    new Finding(
                            kind,
                            folder.relativize(each.file()).toString(),
                            each.line(),
                            key + each.what(),
                            each.sentence(),
                            each.example()));
        }
    }
}
