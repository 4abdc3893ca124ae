package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.tree.SignedNote;

/**
 * Confined to one receipt. It as a page of HTML: no script, no colour, nothing from elsewhere, to
 * be printed. The receipt itself stands in it, so that the page can be checked by being made once
 * more: what people read is what was proved.
 */
final class ReceiptPage {
    private static final int SAMPLES_PER_SECOND = 8000;

    private static final String START = "<!DOCTYPE html>\n<html lang=\"";
    private static final Pattern LANGUAGE = Pattern.compile(START + "([a-z]{2})\">");
    private static final String PROOF_BEGINS = "<pre id=\"receipt\">";
    private static final String PROOF_ENDS = "</pre>\n</body>\n</html>\n";

    private static final String STYLE =
            """
            body { font: 11pt/1.4 serif; max-width: 48em; margin: 2em auto; padding: 0 1em }
            h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 1.6em; break-after: avoid }
            .says { border: 1px solid; padding: .2em 1em }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; vertical-align: top; padding: .3em .6em .3em 0 }
            th, td { border-top: 1px solid }
            tr { break-inside: avoid }
            pre, code, .small { font-size: .75em; overflow-wrap: anywhere; white-space: pre-wrap }
            """;

    private final JsonNode receipt;
    private final JsonNode payload;
    private final ReceiptWords words;
    private final StringBuilder page = new StringBuilder();

    private ReceiptPage(JsonNode receipt, ReceiptWords words) {
        this.receipt = receipt;
        this.payload = receipt.path("payload");
        this.words = words;
    }

    static String of(JsonNode receipt, String language) {
        return new ReceiptPage(receipt, ReceiptWords.in(language)).made();
    }

    static boolean isOne(String text) {
        return text.startsWith(START);
    }

    static String languageOf(String page) {
        Matcher language = LANGUAGE.matcher(page);
        return language.lookingAt() ? language.group(1) : ReceiptWords.USUAL;
    }

    /** The JSON of the receipt in a page; empty where there is none. */
    static String receiptIn(String page) {
        int begin = page.lastIndexOf(PROOF_BEGINS);
        if (begin < 0 || !page.endsWith(PROOF_ENDS)) {
            return "";
        }
        return page.substring(begin + PROOF_BEGINS.length(), page.length() - PROOF_ENDS.length())
                .transform(HtmlText::unescaped);
    }

    private String made() {
        page.append(START).append(words.language()).append("\">\n<head>\n");
        page.append("<meta charset=\"utf-8\">\n");
        page.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
                .append(" style-src 'unsafe-inline'\">\n");
        element("title", words.say("title"));
        page.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
        element("h1", words.say("title"));
        page.append("<div class=\"says\">\n");
        ReceiptSentences.of(receipt, words).forEach(sentence -> element("p", sentence));
        page.append("</div>\n");
        heard();
        if (Receipt.CONSENTS.contains(receipt.at("/entry/type").asText())) {
            since();
            processing();
            withdrawal();
        }
        check();
        element("h2", words.say("h-proof"));
        element(
                "p",
                words.say(
                        "proof",
                        receipt.at("/entry/index").asText(),
                        receipt.at("/entry/log").asText(),
                        receipt.at("/entry/entry_id").asText()));
        page.append(PROOF_BEGINS).append(HtmlText.escaped(receipt.toString())).append(PROOF_ENDS);
        return page.toString();
    }

    private void element(String name, String text) {
        page.append('<').append(name).append('>').append(HtmlText.escaped(text));
        page.append("</").append(name).append(">\n");
    }

    private void row(String cell, String... texts) {
        page.append("<tr>");
        for (String text : texts) {
            page.append('<').append(cell).append('>').append(HtmlText.escaped(text));
            page.append("</").append(cell).append('>');
        }
        page.append("</tr>\n");
    }

    // ------------------------------------------------------------------ parts

    /** Part by part, in which words, and how far. */
    private void heard() {
        if (receipt.path("heard").isEmpty()) {
            return;
        }
        element("h2", words.say("h-heard"));
        page.append("<table>\n");
        row("th", words.say("when"), words.say("spoken"), "");
        for (JsonNode one : receipt.path("heard")) {
            JsonNode served = one.at("/payload/served");
            String part = served.path("part").asText();
            row(
                    "td",
                    words.time(served.path("started_at").asText()),
                    textOf(one).getOrDefault(part, part + " " + words.say("textless")),
                    howFar(served));
        }
        page.append("</table>\n");
        List<String> hashes =
                receipt.path("heard")
                        .valueStream()
                        .map(one -> one.at("/payload/notice"))
                        .map(notice ->
                                words.say(
                                        "hashes",
                                        notice.path("text_sha256").asText(),
                                        notice.path("audio_sha256").asText()))
                        .distinct()
                        .toList();
        hashes.forEach(hash ->
                page.append("<p class=\"small\">").append(HtmlText.escaped(hash)).append("</p>\n"));
    }

    private Map<String, String> textOf(JsonNode heard) {
        boolean own = heard.has("text");
        boolean same =
                heard.at("/payload/notice/text_sha256")
                        .equals(receipt.at("/payload/notice/text_sha256"));
        String text = (own ? heard : same ? receipt : heard).path("text").asText();
        return NoticeWords.read(text).parts();
    }

    private String howFar(JsonNode served) {
        return served.path("completed").asBoolean()
                ? words.say("whole")
                : words.say(
                        "broken-off",
                        seconds(served, "samples_sent"),
                        seconds(served, "samples_planned"));
    }

    /** With one place behind the point. */
    private String seconds(JsonNode served, String samples) {
        long tenths = served.path(samples).asLong() * 10 / SAMPLES_PER_SECOND;
        return tenths / 10 + words.say("point") + tenths % 10;
    }

    private void since() {
        element("h2", words.say("h-since"));
        if (receipt.path("since").isEmpty()) {
            element(
                    "p",
                    Receipt.dependsOnAnother(receipt)
                            ? ReceiptSentences.depends(receipt, words)
                            : words.say("nothing"));
            return;
        }
        page.append("<table>\n");
        row("th", words.say("when"), words.say("what"), words.say("entry"));
        for (JsonNode later : receipt.path("since")) {
            List<String> what = new ArrayList<>();
            what.add(words.named("event", later.at("/entry/type").asText()));
            for (String detail : List.of("/payload/assistant", "/payload/holder/name")) {
                if (!later.at(detail).asText().isEmpty()) {
                    what.add(later.at(detail).asText());
                }
            }
            String purpose = later.at("/payload/decision/purpose").asText();
            if (!purpose.isEmpty()) {
                what.add(words.named("purpose", purpose));
            }
            row(
                    "td",
                    words.time(later.at("/entry/time").asText()),
                    String.join(", ", what),
                    later.at("/entry/index").asText() + ", " + later.at("/entry/log").asText());
        }
        page.append("</table>\n");
    }

    /** As the configuration had it on the day of the consent. */
    private void processing() {
        if (payload.path("processing").isEmpty()) {
            return;
        }
        element("h2", words.say("h-data"));
        page.append("<table>\n");
        row(
                "th",
                words.say("purpose"),
                words.say("data"),
                words.say("kept"),
                words.say("recipients"));
        for (JsonNode one : payload.path("processing")) {
            String kept = one.path("kept").asText();
            row(
                    "td",
                    words.named("purpose", one.path("purpose").asText()),
                    one.path("data")
                            .valueStream()
                            .map(kind -> words.named("data", kind.asText()))
                            .collect(Collectors.joining(", ")),
                    kept.equals("P0D") ? words.say("not-kept") : words.period(kept),
                    one.path("recipients")
                            .valueStream()
                            .map(this::recipient)
                            .collect(Collectors.joining("; ")));
        }
        page.append("</table>\n");
    }

    private String recipient(JsonNode one) {
        return one.path("name").asText()
                + ", "
                + one.path("address").asText()
                + " ("
                + words.named("role", one.path("role").asText())
                + ", "
                + one.path("country").asText()
                + ")";
    }

    private void withdrawal() {
        JsonNode control = payload.path("control");
        List<String> ways = new ArrayList<>();
        if (control.path("keys").isTextual()) {
            ways.add(words.say("withdraw", control.path("keys").asText()));
        }
        if (control.path("phrase").asBoolean()) {
            ways.add(words.say("withdraw-phrase"));
        }
        control.path("privacy_lines")
                .forEach(line -> ways.add(words.say("withdraw-lines", line.asText())));
        String contact = payload.at("/controller/contact").asText();
        if (!contact.isEmpty()) {
            ways.add(words.say("withdraw-contact", contact));
        }
        element("h2", words.say("h-withdraw"));
        element("p", String.join(", ", ways) + ".");
        if (payload.path("authority").isTextual()) {
            element("p", words.say("authority", payload.path("authority").asText()));
        }
    }

    private void check() {
        element("h2", words.say("h-check"));
        page.append("<ol>\n<li>").append(HtmlText.escaped(words.say("check-1"))).append("\n<pre>");
        SignedNote.parse(receipt.path("checkpoint").asText()).stream()
                .flatMap(note -> note.signatures().stream())
                .filter(by -> by.name().equals(receipt.at("/entry/log").asText()))
                .forEach(by ->
                        page.append(HtmlText.escaped(by.name() + "+" + by.hash())).append('\n'));
        page.append("</pre></li>\n<li>").append(HtmlText.escaped(words.say("check-2")));
        page.append("\n<pre>java -jar consent-ledger-verify.jar --key verifier.keys FILE.html\n");
        page.append("python3 consent_ledger_verify.py --key verifier.keys FILE.html</pre></li>\n");
        page.append("<li>").append(HtmlText.escaped(words.say("check-3"))).append("</li>\n</ol>\n");
    }
}
