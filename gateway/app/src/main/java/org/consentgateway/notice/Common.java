package org.consentgateway.notice;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable. {@code config/notices/common/LANG.yaml}: what the notices of one language share.
 *
 * @param aiNature one of these must be said in an opening (Art. 50(1) of the EU AI Act)
 * @param refuse how a no is called
 * @param withdraw how the way to withdraw is called (Art. 7(3) DSGVO)
 * @param pressure words a question must not contain
 */
record Common(
        String language,
        List<String> aiNature,
        List<String> refuse,
        List<String> withdraw,
        List<String> agree,
        List<String> say,
        List<String> press,
        List<String> pressure,
        Map<String, NoticeText> texts) {

    static Optional<Common> read(Path file, List<NoticeProblem> problems) {
        return Form.read(file, problems)
                .map(form -> {
                    String language = form.text("language", "de");
                    Form rules = form.form("rules", "rules: with ai-nature, refuse, ...");
                    var common =
                            new Common(
                                    language,
                                    rules.list("ai-nature", "[KI]"),
                                    rules.list("refuse", "[Nein]"),
                                    rules.list("withdraw", "[Stern neun]"),
                                    rules.list("agree", "[Ja]"),
                                    rules.list("say", "[sagen]"),
                                    rules.list("press", "[drücken]"),
                                    rules.list("pressure", "[leider]"),
                                    form.form("texts", "texts: with thanks, goodbye, ...").texts());
                    rules.noOthers();
                    form.noOthers();
                    return common;
                });
    }
}
