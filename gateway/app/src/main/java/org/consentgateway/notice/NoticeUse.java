package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.consentgateway.consent.Level;

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
     * A line.
     *
     * @param name in the configuration
     * @param lineage of its notices
     * @param dialog "ladder", "menu" or "privacy"
     * @param levels that can be agreed to on it
     * @param callsBack whether it has requests confirmed by a call back
     */
    public record Speaking(
            String name,
            String lineage,
            List<String> languages,
            String dialog,
            List<Level> levels,
            boolean callsBack) {
        public Speaking {
            languages = List.copyOf(languages);
            levels = List.copyOf(levels);
        }
    }
}
