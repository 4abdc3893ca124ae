package org.consentgateway.console.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;
import org.consentgateway.console.PageWords;

/**
 * Immutable. Guides for people, as a company may have changed them: Markdown (CommonMark), a file
 * each, in a folder of each language. Read once, when the console starts.
 */
public final class Guides {
    /** Those there are, in the order in which they are listed. */
    static final List<String> NAMES = List.of("service-desk", "operator", "editor", "caller-faq");

    private static final Parser PARSER = Parser.builder().build();
    private static final TextContentRenderer TEXT = TextContentRenderer.builder().build();
    private static final HtmlRenderer HTML =
            HtmlRenderer.builder()
                    .escapeHtml(true)
                    .sanitizeUrls(true)
                    .attributeProviderFactory(_ ->
                            (node, _, attributes) -> {
                                if (node instanceof Heading heading) {
                                    attributes.put("id", anchor(text(heading)));
                                }
                            })
                    .build();

    /**
     * @param html of all of it, with its title
     * @param lead its first paragraph, as text
     * @param sections that it has
     */
    public record Guide(
            String name, String title, String lead, String html, List<Section> sections) {}

    public record Section(String anchor, String title) {}

    private final Map<String, Map<String, Guide>> byLanguage;

    private Guides(Map<String, Map<String, Guide>> byLanguage) {
        this.byLanguage = byLanguage;
    }

    /**
     * @param folder with a folder for each language of the console
     * @throws IOException where a guide cannot be read
     */
    public static Guides in(Path folder) throws IOException {
        Map<String, Map<String, Guide>> all = new LinkedHashMap<>();
        for (String language : PageWords.LANGUAGES) {
            Map<String, Guide> guides = new LinkedHashMap<>();
            for (String name : NAMES) {
                Path file = folder.resolve(language).resolve(name + ".md");
                guides.put(name, guide(name, read(file)));
            }
            all.put(language, guides);
        }
        return new Guides(all);
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException(
                    "the console's guide " + file + " cannot be read: see console.help", e);
        }
    }

    static Guide guide(String name, String markdown) {
        Node document = PARSER.parse(markdown);
        String title = name;
        String lead = "";
        List<Section> sections = new ArrayList<>();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading && heading.getLevel() == 1) {
                title = text(heading);
            } else if (node instanceof Heading heading && heading.getLevel() == 2) {
                sections.add(new Section(anchor(text(heading)), text(heading)));
            } else if (node instanceof Paragraph && lead.isEmpty() && sections.isEmpty()) {
                lead = text(node);
            }
        }
        return new Guide(name, title, lead, HTML.render(document), List.copyOf(sections));
    }

    private static String text(Node node) {
        return TEXT.render(node).strip();
    }

    /** Letters, digits and hyphens. */
    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{Nd}]+", "-")
                .replaceAll("^-|-$", "");
    }

    List<Guide> all(String language) {
        return List.copyOf(in(language).values());
    }

    Optional<Guide> named(String language, String name) {
        return Optional.ofNullable(in(language).get(name));
    }

    private Map<String, Guide> in(String language) {
        return byLanguage.getOrDefault(language, Map.of());
    }
}
