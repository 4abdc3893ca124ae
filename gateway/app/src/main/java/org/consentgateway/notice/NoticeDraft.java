package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.config.Spelling;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.speech.words.SpokenText;

/**
 * Immutable. One notice file as it was read, joined with what is common to its language, before it
 * was checked.
 */
record NoticeDraft(
        Path file,
        String lineage,
        Common common,
        String version,
        LocalDate validFrom,
        boolean materialChange,
        String variant,
        int weight,
        RequiredParts.Scope scope,
        Notice.Controller controller,
        NoticeText purpose,
        String signedOffBy,
        LocalDate signedOffOn,
        Map<String, NoticeText> parts) {

    private static final List<String> DIALOGS = List.of("ladder", "menu");

    static Optional<NoticeDraft> read(
            Path file, String lineage, Common common, List<NoticeProblem> problems) {
        return Form.read(file, problems).map(form -> draft(file, lineage, common, form, problems));
    }

    private static NoticeDraft draft(
            Path file, String lineage, Common common, Form form, List<NoticeProblem> problems) {
        String version = form.text("version", "2026-11");
        LocalDate validFrom = form.date("valid-from", "2026-11-01");
        boolean material = form.truth("material-change");
        String variant = form.text("variant", "a", "a");
        int weight = form.atLeastOne("weight", 1);
        var scope =
                new RequiredParts.Scope(
                        form.list("purposes", "[assistant, transcript, recording]"),
                        form.list("levels", "[basis, komfort, voll]"),
                        form.maybeList("remembered"),
                        form.list("dialogs", "[ladder, menu]"));
        Notice.Controller controller =
                controller(form.form("controller", "controller: with name and contact"), problems);
        String purpose = form.text("purpose", "Ich helfe Ihnen bei Ihrem Anliegen");
        Form sign = form.form("sign-off", "sign-off: with who and when");
        String signedBy = sign.text("who", "the name of the data protection officer");
        LocalDate signedOn = sign.date("when", "2026-11-24");
        var own = form.form("texts", "texts: with opening, question.assistant, ...").texts();
        form.noOthers();
        sign.noOthers();
        if (!version.isEmpty() && !isNamed(file, version, variant)) {
            problems.add(
                    new NoticeProblem(
                            form.spot("version"),
                            "version \"" + version + "\" and the name of the file differ",
                            version + ".yaml or " + version + "." + variant + ".yaml"));
        }
        known(scope, form, problems);
        return new NoticeDraft(
                file,
                lineage,
                common,
                version,
                validFrom,
                material,
                variant,
                weight,
                scope,
                controller,
                new NoticeText(form.spot("purpose"), SpokenText.canonical(purpose)),
                signedBy,
                signedOn,
                canonical(common.texts(), own));
    }

    private static Notice.Controller controller(Form who, List<NoticeProblem> problems) {
        var controller =
                new Notice.Controller(
                        who.text("name", "Musterfirma"),
                        who.text("contact", "Musterweg 1, 12345 Musterstadt"),
                        who.text("country", "DE", Notice.Controller.DEFAULT_COUNTRY));
        if (!controller.country().matches("[A-Z]{2}")) {
            problems.add(
                    new NoticeProblem(
                            who.spot("country"),
                            "\"" + controller.country() + "\" is no country (ISO 3166-1)",
                            "country: DE"));
        }
        who.noOthers();
        return controller;
    }

    private static boolean isNamed(Path file, String version, String variant) {
        String name = file.getFileName().toString();
        return name.equals(version + ".yaml") || name.equals(version + "." + variant + ".yaml");
    }

    private static void known(RequiredParts.Scope scope, Form form, List<NoticeProblem> problems) {
        for (String purpose : scope.purposes()) {
            if (!purpose.matches("[a-z0-9-]{1,40}")) {
                problems.add(
                        new NoticeProblem(
                                form.spot("purposes"),
                                "\"" + purpose + "\" is no purpose id",
                                "small letters, digits and hyphens, such as transcript"));
            }
        }
        for (String level : scope.remembered()) {
            if (!scope.levels().contains(level)) {
                problems.add(
                        new NoticeProblem(
                                form.spot("remembered"),
                                "\"" + level + "\" is none of the levels",
                                Spelling.closest(level, scope.levels())));
            }
        }
        for (String level : scope.levels()) {
            if (!level.matches("[a-z0-9-]{1,20}")) {
                problems.add(
                        new NoticeProblem(
                                form.spot("levels"),
                                "\"" + level + "\" is no level id",
                                "small letters, digits and hyphens, such as basis"));
            }
        }
        for (String dialog : scope.dialogs()) {
            if (!DIALOGS.contains(dialog)) {
                problems.add(
                        new NoticeProblem(
                                form.spot("dialogs"),
                                "\"" + dialog + "\" is no dialog",
                                "ladder or menu"));
            }
        }
    }

    /** The notice's own texts stand before those of its language. */
    private static Map<String, NoticeText> canonical(
            Map<String, NoticeText> common, Map<String, NoticeText> own) {
        var parts = new TreeMap<>(common);
        parts.putAll(own);
        var canonical = new LinkedHashMap<String, NoticeText>();
        parts.forEach((key, text) ->
                canonical.put(
                        key, new NoticeText(text.spot(), SpokenText.canonical(text.value()))));
        return canonical;
    }

    String language() {
        return common.language();
    }

    /** Where a part stands, or would stand. */
    Spot spot(String part) {
        NoticeText text = parts.get(part);
        return text != null ? text.spot() : new Spot(file, 1, "texts." + part);
    }
}
