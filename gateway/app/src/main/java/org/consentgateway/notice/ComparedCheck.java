package org.consentgateway.notice;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Confined to one load. Whether what an experiment compares is there, and spoken as long as it
 * runs.
 */
final class ComparedCheck {
    private final Path folder;
    private final List<NoticeDraft> drafts;
    private final List<NoticeProblem> errors;

    ComparedCheck(Path folder, List<NoticeDraft> drafts, List<NoticeProblem> errors) {
        this.folder = folder;
        this.drafts = drafts;
        this.errors = errors;
    }

    void check(NoticeUse.Compared compared) {
        for (String variant : compared.variants()) {
            Optional<NoticeDraft> draft =
                    drafts.stream()
                            .filter(each ->
                                    isOfText(each, compared)
                                            && each.version().equals(compared.version())
                                            && each.variant().equals(variant))
                            .findFirst();
            if (draft.isEmpty()) {
                missing(compared, variant);
            } else if (draft.get().validFrom().isAfter(compared.days().start())) {
                wrong(
                        draft.get(),
                        "experiment %s begins on %s, before this is spoken"
                                .formatted(compared.experiment(), compared.days().start()),
                        "start: " + draft.get().validFrom() + ", or later");
            }
        }
        drafts.stream()
                .filter(each -> isOfText(each, compared) && replaces(each, compared))
                .forEach(each ->
                        wrong(
                                each,
                                "is spoken from %s on in the place of what experiment %s compares"
                                                .formatted(each.validFrom(), compared.experiment())
                                        + " until "
                                        + compared.days().end(),
                                "valid-from: " + compared.days().end().plusDays(1)));
    }

    private static boolean isOfText(NoticeDraft draft, NoticeUse.Compared compared) {
        return draft.lineage().equals(compared.lineage())
                && draft.language().equals(compared.language());
    }

    private boolean replaces(NoticeDraft draft, NoticeUse.Compared compared) {
        boolean newer =
                drafts.stream()
                        .filter(each ->
                                isOfText(each, compared)
                                        && each.version().equals(compared.version()))
                        .anyMatch(each ->
                                draft.validFrom().isAfter(each.validFrom())
                                        || (draft.validFrom().equals(each.validFrom())
                                                && draft.version().compareTo(each.version()) > 0));
        return newer && !draft.validFrom().isAfter(compared.days().end());
    }

    private void missing(NoticeUse.Compared compared, String variant) {
        String name = compared.version() + (variant.equals("a") ? "" : "." + variant) + ".yaml";
        Path file = folder.resolve(compared.lineage()).resolve(compared.language()).resolve(name);
        errors.add(
                new NoticeProblem(
                        new Spot(file, 1, ""),
                        "is not there, but experiment "
                                + compared.experiment()
                                + " compares its variant "
                                + variant,
                        "a copy of the version with variant: " + variant + " and weight: 0"));
    }

    private void wrong(NoticeDraft draft, String what, String right) {
        errors.add(new NoticeProblem(draft.spotOf("valid-from"), what, right));
    }
}
