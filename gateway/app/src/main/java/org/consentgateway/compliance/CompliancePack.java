package org.consentgateway.compliance;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Immutable. The templates of one folder. A template is Markdown with Mustache: what stands between
 * braces has to be something that {@link PackFacts} knows, or nothing is made.
 */
public final class CompliancePack {
    public static final List<String> LANGUAGES = List.of("de", "en");

    private static final Mustache.Compiler MUSTACHE =
            Mustache.compiler()
                    .withEscaper(CompliancePack::escaped)
                    .strictSections(true)
                    .emptyStringIsFalse(true);

    /** What Markdown, or a cell of its tables, would not take for text. */
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]<>|#&~]");

    private final Path folder;

    /**
     * @param folder with a folder for each language
     */
    public CompliancePack(Path folder) {
        this.folder = folder;
    }

    /**
     * All documents in one language.
     *
     * @throws IOException where a template cannot be read, or asks for what is not known
     */
    public List<PackDocument> of(PackSubject subject, String language) throws IOException {
        PackWords words = PackWords.in(language);
        Map<String, Object> facts = PackFacts.of(subject, words);
        List<PackDocument> all = new ArrayList<>();
        for (String name : PackDocument.NAMES) {
            all.add(document(name, folder.resolve(language).resolve(name + ".md"), facts, words));
        }
        return List.copyOf(all);
    }

    private static PackDocument document(
            String name, Path file, Map<String, Object> facts, PackWords words) throws IOException {
        String markdown = filled(file, facts);
        String title =
                markdown.lines()
                        .filter(line -> line.startsWith("# "))
                        .findFirst()
                        .map(line -> line.substring(2))
                        .orElseThrow(() -> new IOException(file + " has no title (# …)"));
        return new PackDocument(
                name,
                title,
                markdown,
                PackPage.of(title, markdown, words.language()),
                missing(markdown, words));
    }

    private static String filled(Path file, Map<String, Object> facts) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IOException(
                    "the template " + file + " cannot be read: see compliance.directory", e);
        }
        try {
            Template template = MUSTACHE.compile(text);
            return template.execute(facts);
        } catch (MustacheException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> missing(String markdown, PackWords words) {
        return Pattern.compile(Pattern.quote(words.of("missing")) + " ([a-z.-]+)")
                .matcher(markdown)
                .results()
                .map(each -> each.group(1))
                .collect(java.util.stream.Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }

    private static String escaped(String value) {
        return MARKUP.matcher(value.replaceAll("\\s+", " ").strip()).replaceAll("\\\\$0");
    }
}
