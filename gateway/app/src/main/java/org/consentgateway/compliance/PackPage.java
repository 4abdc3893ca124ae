package org.consentgateway.compliance;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown as a page of its own, for reading and for paper; it loads and runs nothing. */
final class PackPage {
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
    private static final HtmlRenderer HTML =
            HtmlRenderer.builder().extensions(TABLES).sanitizeUrls(true).escapeHtml(true).build();

    private static final String PAGE =
            """
            <!DOCTYPE html>
            <html lang="LANGUAGE">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>TITLE</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
            h1, h2, h3 { line-height: 1.2; break-after: avoid; }
            table { border-collapse: collapse; width: 100%; font-size: .875rem; }
            th, td { border: 1px solid #767676; padding: .3rem .5rem; text-align: left; vertical-align: top; }
            tr { break-inside: avoid; }
            @page { size: A4; margin: 20mm; }
            @media print { body { font-size: 10pt; margin: 0; max-width: none; } }
            </style>
            </head>
            <body>
            <main>
            BODY</main>
            </body>
            </html>
            """;

    private PackPage() {}

    static String of(String title, String markdown, String language) {
        return PAGE.replace("LANGUAGE", language)
                .replace("TITLE", title.replace("&", "&amp;").replace("<", "&lt;"))
                .replace("BODY", HTML.render(PARSER.parse(markdown)));
    }
}
