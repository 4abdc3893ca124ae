package org.consentgateway.notice;

import org.consentgateway.consent.Notice;
import org.consentgateway.speech.words.SpokenText;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
        List<String> levels,
        List<String> dialogs,
        Notice.Controller controller,
        Yaml.Text purpose,
        String signedOffBy,
        LocalDate signedOffOn,
        Map<String, Yaml.Text> parts) {

    private static final List<String> DIALOGS = List.of("ladder", "menu");

    static Optional<NoticeDraft> read(
            Path file, String lineage, Common common, List<NoticeProblem> problems) {
        return Yaml.read(file, problems).map(root -> draft(file, lineage, common, root, problems));
    }

    private static NoticeDraft draft(
            Path file,
            String lineage,
            Common common,
            Yaml.Fields root,
            List<NoticeProblem> problems) {
        var form = new Form(root, problems);
        String version = form.text("version", "2026-11");
        LocalDate validFrom = form.date("valid-from", "2026-11-01");
        boolean material = form.truth("material-change");
        String variant = form.text("variant", "a", "a");
        int weight = form.atLeastOne("weight", 1);
        List<String> levels = form.list("levels", "[basis, komfort, voll]");
        List<String> dialogs = form.list("dialogs", "[ladder, menu]");
        Form who = form.form("controller", "controller: with name and contact");
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
        String purpose = form.text("purpose", "Ich helfe Ihnen bei Ihrem Anliegen");
        Form sign = form.form("sign-off", "sign-off: with who and when");
        String signedBy = sign.text("who", "the name of the data protection officer");
        LocalDate signedOn = sign.date("when", "2026-11-24");
        var own = form.form("texts", "texts: with opening, question.basis, ...").texts();
        form.noOthers();
        who.noOthers();
        sign.noOthers();

        String name = file.getFileName().toString();
        if (!version.isEmpty()
                && !name.equals(version + ".yaml")
                && !name.equals(version + "." + variant + ".yaml")) {
            problems.add(
                    new NoticeProblem(
                            form.spot("version"),
                            "version \"" + version + "\" and the name of the file differ",
                            version + ".yaml or " + version + "." + variant + ".yaml"));
        }
        for (String level : levels) {
            if (!level.matches("[a-z0-9-]{1,20}")) {
                problems.add(
                        new NoticeProblem(
                                form.spot("levels"),
                                "\"" + level + "\" is no level id",
                                "small letters, digits and hyphens, such as basis"));
            }
        }
        for (String dialog : dialogs) {
            if (!DIALOGS.contains(dialog)) {
                problems.add(
                        new NoticeProblem(
                                form.spot("dialogs"),
                                "\"" + dialog + "\" is no dialog",
                                "ladder or menu"));
            }
        }
        var parts = new TreeMap<String, Yaml.Text>(common.texts());
        parts.putAll(own);
        var canonical = new LinkedHashMap<String, Yaml.Text>();
        parts.forEach((key, text) ->
                canonical.put(key, new Yaml.Text(text.spot(), SpokenText.canonical(text.value()))));
        return new NoticeDraft(
                file,
                lineage,
                common,
                version,
                validFrom,
                material,
                variant,
                weight,
                List.copyOf(levels),
                List.copyOf(dialogs),
                controller,
                new Yaml.Text(form.spot("purpose"), SpokenText.canonical(purpose)),
                signedBy,
                signedOn,
                canonical);
    }

    String language() {
        return common.language();
    }

    /** Where a part stands, or would stand. */
    Yaml.Spot spot(String part) {
        Yaml.Text text = parts.get(part);
        return text != null ? text.spot() : new Yaml.Spot(file, 1, "texts." + part);
    }
}
