package org.consentgateway.cli.consents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ImportRow;

/**
 * A table of consents: CSV (RFC 4180) in UTF-8 with a heading, its columns in any order, separated
 * by commas or, as spreadsheets do in German, by semicolons.
 */
final class ImportFile {
    private static final long MOST_OCTETS = 8_000_000;

    private ImportFile() {}

    /**
     * @throws IOException saying the line where it is no such table
     */
    static List<ImportRow> read(Path file) throws IOException {
        if (Files.size(file) > MOST_OCTETS) {
            throw new IOException(file + " is larger than " + MOST_OCTETS + " octets");
        }
        String text = text(file);
        String heading = text.lines().findFirst().orElse("");
        char separator = heading.contains(";") ? ';' : ',';
        CsvSchema schema =
                CsvSchema.emptySchema()
                        .withHeader()
                        .withStrictHeaders(false)
                        .withColumnSeparator(separator);
        List<ImportRow> rows = new ArrayList<>();
        requireEachColumnOnce(file, text, separator);
        try (MappingIterator<Map<String, String>> table =
                new CsvMapper()
                        .enable(CsvParser.Feature.TRIM_SPACES)
                        .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .readerForMapOf(String.class)
                        .with(schema)
                        .readValues(text)) {
            while (table.hasNextValue()) {
                rows.add(row(rows.size() + 1, table.nextValue()));
                if (rows.size() > ConsentImport.MOST_ROWS) {
                    throw new IOException(
                            file + " has more than " + ConsentImport.MOST_ROWS + " rows");
                }
            }
        } catch (JsonProcessingException e) {
            // Its message would quote the row.
            throw new IOException(file + " is no CSV with a heading: row " + (rows.size() + 1), e);
        }
        if (rows.isEmpty()) {
            throw new IOException(
                    file
                            + " has no row; its heading would be "
                            + String.join(",", ImportRow.FIELDS));
        }
        return rows;
    }

    /** Of one that is there twice nobody knows which is meant. */
    private static void requireEachColumnOnce(Path file, String text, char separator)
            throws IOException {
        Set<String> seen = new HashSet<>();
        for (String name : heading(file, text, separator)) {
            // No other is told: where there is no heading, they are of a person.
            if (ImportRow.FIELDS.contains(name.strip()) && !seen.add(name.strip())) {
                throw new IOException(file + " has the column " + name.strip() + " twice");
            }
        }
    }

    private static List<String> heading(Path file, String text, char separator) throws IOException {
        try (MappingIterator<List<String>> lines =
                new CsvMapper()
                        .enable(CsvParser.Feature.TRIM_SPACES)
                        .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                        .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                        .readerForListOf(String.class)
                        .with(CsvSchema.emptySchema().withColumnSeparator(separator))
                        .readValues(text)) {
            return lines.hasNextValue() ? lines.nextValue() : List.of();
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no CSV with a heading", e);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            return text.startsWith("\ufeff") ? text.substring(1) : text; // as spreadsheets begin it
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not in UTF-8", e);
        }
    }

    private static ImportRow row(int number, Map<String, String> cells) {
        Map<String, String> fields = new HashMap<>();
        cells.forEach((name, value) -> {
            if (value != null && !value.isBlank()) {
                fields.put(name.strip(), value.strip());
            }
        });
        return new ImportRow(number, fields);
    }
}
