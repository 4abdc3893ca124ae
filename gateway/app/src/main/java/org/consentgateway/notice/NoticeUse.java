package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;

/**
 * Immutable. What the configuration wants of the notices.
 *
 * @param lines those that speak them
 * @param demonstration whether the texts of the example company may be spoken
 * @param data what the second layer has to say
 * @param today against which dates of review are held
 * @param compared by experiments
 */
public record NoticeUse(
        List<Speaking> lines,
        boolean demonstration,
        LocalDate today,
        DataUse data,
        List<Compared> compared) {
    public NoticeUse {
        lines = List.copyOf(lines);
        compared = List.copyOf(compared);
    }

    /** Where nothing is compared. */
    public NoticeUse(List<Speaking> lines, boolean demonstration, LocalDate today, DataUse data) {
        this(lines, demonstration, today, data, List.of());
    }

    /**
     * Whether callers hear this variant of what is in force: by its weight, or in an experiment.
     */
    boolean isHeard(Notice variant) {
        return variant.weight() > 0 || compared.stream().anyMatch(each -> each.has(variant, today));
    }

    /** Of an editor who only reads texts: no line speaks them yet. */
    public static NoticeUse none(LocalDate today) {
        return new NoticeUse(List.of(), true, today, DataUse.UNTOLD);
    }

    /**
     * What an experiment compares.
     *
     * @param variants of that version
     */
    public record Compared(
            String experiment,
            String lineage,
            String language,
            String version,
            List<String> variants,
            Days days) {
        public Compared {
            variants = List.copyOf(variants);
        }

        /** Whether callers hear it on that day since it is compared. */
        boolean has(Notice variant, LocalDate day) {
            return variant.id().equals(lineage)
                    && variant.language().equals(language)
                    && variant.version().equals(version)
                    && variants.contains(variant.variant())
                    && !day.isBefore(days.start())
                    && !day.isAfter(days.end());
        }

        /** Whether it is there, and spoken as long as the experiment runs. */
        void check(Path folder, List<NoticeDraft> drafts, List<NoticeProblem> errors) {
            List<NoticeDraft> all = drafts.stream().filter(this::isOfText).toList();
            List<NoticeDraft> same =
                    all.stream().filter(each -> each.version().equals(version)).toList();
            for (String variant : variants) {
                Optional<NoticeDraft> draft =
                        same.stream().filter(each -> each.variant().equals(variant)).findFirst();
                if (draft.isEmpty()) {
                    errors.add(missing(folder, variant));
                } else if (draft.get().validFrom().isAfter(days.start())) {
                    errors.add(
                            new NoticeProblem(
                                    draft.get().spotOf("valid-from"),
                                    "experiment %s begins on %s, before this is spoken"
                                            .formatted(experiment, days.start()),
                                    "start: " + draft.get().validFrom() + ", or later"));
                }
            }
            all.stream()
                    .filter(each -> !each.validFrom().isAfter(days.end()))
                    .filter(each -> same.stream().anyMatch(one -> isReplacedBy(one, each)))
                    .map(this::replaced)
                    .forEach(errors::add);
        }

        private boolean isOfText(NoticeDraft draft) {
            return draft.lineage().equals(lineage) && draft.language().equals(language);
        }

        private static boolean isReplacedBy(NoticeDraft one, NoticeDraft other) {
            return other.validFrom().isAfter(one.validFrom())
                    || (other.validFrom().equals(one.validFrom())
                            && other.version().compareTo(one.version()) > 0);
        }

        private NoticeProblem replaced(NoticeDraft by) {
            return new NoticeProblem(
                    by.spotOf("valid-from"),
                    "is spoken from %s on in the place of what experiment %s compares until %s"
                            .formatted(by.validFrom(), experiment, days.end()),
                    "valid-from: " + days.end().plusDays(1));
        }

        private NoticeProblem missing(Path folder, String variant) {
            String name = version + (variant.equals("a") ? "" : "." + variant) + ".yaml";
            return new NoticeProblem(
                    new Spot(folder.resolve(lineage).resolve(language).resolve(name), 1, ""),
                    "is not there, but experiment %s compares its variant %s"
                            .formatted(experiment, variant),
                    "a copy of the version with variant: " + variant + " and weight: 0");
        }
    }

    /** Both included. */
    public record Days(LocalDate start, LocalDate end) {}

    /**
     * Which texts a line speaks.
     *
     * @param languages in which there has to be one by today
     * @param today the day it is in the time zone of the line
     */
    public record LineTexts(String lineage, List<String> languages, LocalDate today) {
        public LineTexts {
            languages = List.copyOf(languages);
        }

        /** Whether each language has a text by now: a call cannot wait for one. */
        private void check(String line, List<NoticeDraft> drafts, NoticeFindings findings) {
            for (String language : languages) {
                drafts.stream()
                        .filter(draft -> draft.lineage().equals(lineage))
                        .filter(draft -> draft.language().equals(language))
                        .min(Comparator.comparing(NoticeDraft::validFrom))
                        .filter(first -> first.validFrom().isAfter(today))
                        .ifPresent(first ->
                                findings.wrong(
                                        first.spotOf("valid-from"),
                                        "line %s speaks %s, and has no text in it before %s"
                                                .formatted(line, language, first.validFrom()),
                                        "valid-from: " + today + NoticeProblem.OR_EARLIER));
            }
        }
    }

    /**
     * A line.
     *
     * @param name in the configuration
     * @param dialog "ladder", "menu" or "privacy"
     * @param levels that can be agreed to on it
     * @param callsBack whether it has requests confirmed by a call back
     */
    public record Speaking(
            String name, LineTexts texts, String dialog, List<Level> levels, boolean callsBack) {
        public Speaking {
            levels = List.copyOf(levels);
        }

        String lineage() {
            return texts.lineage();
        }

        List<String> languages() {
            return texts.languages();
        }

        void check(List<NoticeDraft> drafts, NoticeFindings findings) {
            texts.check(name, drafts, findings);
        }
    }
}
