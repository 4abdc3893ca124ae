package org.consentgateway.report;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import java.util.List;

/**
 * Immutable. A report as its customer reads it: the same sentences as text and as a page.
 *
 * @param language as in {@code lang}
 */
public record Letter(String language, String subject, String text, String html) {

    /**
     * One heading with what stands under it.
     *
     * @param title empty for none
     */
    record Section(String title, List<String> sentences, List<String> items) {
        static Section of(String title, String... sentences) {
            return new Section(title, List.of(sentences), List.of());
        }
    }

    static Letter of(String language, String subject, List<Section> sections) {
        return new Letter(language, subject, text(sections), html(language, subject, sections));
    }

    private static String text(List<Section> sections) {
        var text = new StringBuilder();
        for (Section section : sections) {
            if (!section.title().isEmpty()) {
                text.append(section.title())
                        .append('\n')
                        .append("-".repeat(section.title().length()))
                        .append('\n');
            }
            section.sentences().forEach(each -> text.append(each).append('\n'));
            section.items().forEach(each -> text.append("- ").append(each).append('\n'));
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static String html(String language, String subject, List<Section> sections) {
        var body = new StringBuilder();
        for (Section section : sections) {
            if (!section.title().isEmpty()) {
                body.append("<h2>").append(escaped(section.title())).append("</h2>\n");
            }
            section.sentences().forEach(each -> body.append(paragraph(each)));
            if (!section.items().isEmpty()) {
                body.append("<ul>\n");
                section.items()
                        .forEach(
                                each -> body.append("<li>").append(linked(each)).append("</li>\n"));
                body.append("</ul>\n");
            }
        }
        return """
        <!DOCTYPE html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>%s</title>
        </head>
        <body style="font-family: sans-serif; max-width: 40em; margin: 1em auto; line-height: 1.5">
        <h1>%s</h1>
        %s</body>
        </html>
        """
                .formatted(language, escaped(subject), escaped(subject), body);
    }

    private static String paragraph(String sentence) {
        return "<p>" + linked(sentence) + "</p>\n";
    }

    /** Web addresses of ours can be followed. */
    private static String linked(String sentence) {
        return escaped(sentence)
                .replaceAll("https://[^\\s&<>\"]+[^\\s&<>\".,;:!?)]", "<a href=\"$0\">$0</a>");
    }

    /** It is personal. */
    @Override
    public String toString() {
        return "Letter[hidden]";
    }
}
