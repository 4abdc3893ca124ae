package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.consentgateway.proof.desk.NamesNobody;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one request. Reads the fields of a body and notes all that is wrong with it, to be
 * told at once by {@link #done}; a field that nobody reads is wrong as well.
 */
public final class ApiBody {
    public static final String NUMBER_IN_WORDS = "a number of E.164, such as +4930123456";

    private static final Pattern PERSON =
            Pattern.compile("(?s)(?=.*\\p{L})(?!.*[0-9]{5})[^\\p{Cc}\\p{Zl}\\p{Zp}]{1,80}");
    private static final Pattern WORD = Pattern.compile("[A-Z_]{1,20}");

    private final ObjectNode body;
    private final Set<String> read = new LinkedHashSet<>();
    private final List<ApiProblem.Wrong> wrong = new ArrayList<>();

    ApiBody(ObjectNode body) {
        this.body = body;
    }

    /**
     * @param form of the whole text
     * @param right the form in words
     * @return empty where it is missing or wrong, which is noted
     */
    public String required(String name, Pattern form, String right) {
        String text = optional(name, form, right);
        if (text == null && !body.has(name)) {
            wrong.add(new ApiProblem.Wrong("/" + name, "is missing: " + right));
        }
        return text == null ? "" : text;
    }

    public @Nullable String optional(String name, Pattern form, String right) {
        read.add(name);
        JsonNode value = body.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            wrong.add(new ApiProblem.Wrong("/" + name, right));
            return null;
        }
        return value.textValue();
    }

    /** The same of words that are kept, whoever is erased. */
    public @Nullable String optionalWords(String name, Pattern form, String right) {
        String text = optional(name, form, right);
        if (text != null && !NamesNobody.isTrueOf(text)) {
            wrong(name, right + ", " + NamesNobody.IN_WORDS);
        }
        return text;
    }

    /** The name of the person who does it, as it is recorded. */
    public String by() {
        String right = "the name of who does it, in 80 characters, without a number";
        String text = required("by", PERSON, right);
        if (!NamesNobody.isTrueOf(text)) {
            wrong("by", right);
        }
        return text;
    }

    /** Whether it may be recorded as the name of a person. */
    public static boolean isPerson(String text) {
        return PERSON.matcher(text).matches() && NamesNobody.isTrueOf(text);
    }

    /**
     * @param words of which it is one
     */
    public String among(String name, List<String> words) {
        String right = "one of " + String.join(", ", words);
        String text = required(name, WORD, right);
        if (!text.isEmpty() && !words.contains(text)) {
            wrong(name, right);
        }
        return text;
    }

    public boolean has(String name) {
        return body.has(name);
    }

    /** Absent is no. */
    public boolean flag(String name) {
        read.add(name);
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            wrong.add(new ApiProblem.Wrong("/" + name, "true or false"));
        }
        return value.asBoolean();
    }

    /** An array of objects of which every field is a text, or an array of texts. */
    public List<Map<String, String>> rows(String name, int most) {
        read.add(name);
        JsonNode value = body.path(name);
        List<Map<String, String>> rows = new ArrayList<>();
        if (!value.isArray() || value.isEmpty() || value.size() > most) {
            wrong.add(new ApiProblem.Wrong("/" + name, "an array of 1 to " + most + " objects"));
            return rows;
        }
        for (int i = 0; i < value.size(); i++) {
            rows.add(texts("/" + name + "/" + i, value.get(i)));
        }
        return rows;
    }

    private Map<String, String> texts(String at, JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (!object.isObject()) {
            wrong.add(new ApiProblem.Wrong(at, "an object"));
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            boolean list = value.isArray();
            var words = new StringJoiner(" ");
            boolean all = list || value.isTextual();
            for (JsonNode one : list ? value : JsonNodeFactory.instance.arrayNode().add(value)) {
                all &= one.isTextual();
                words.add(one.asText());
            }
            if (!all) {
                wrong.add(new ApiProblem.Wrong(at + "/" + field.getKey(), "a text"));
            }
            texts.put(field.getKey(), words.toString());
        }
        return texts;
    }

    /** More that is wrong. */
    public void wrong(String name, String right) {
        wrong.add(new ApiProblem.Wrong("/" + name, right));
    }

    /**
     * Everything was read.
     *
     * @throws ApiProblem where something is wrong
     */
    public void done() {
        body.fieldNames()
                .forEachRemaining(name -> {
                    if (!read.contains(name)) {
                        wrong.add(
                                new ApiProblem.Wrong(
                                        "", "has a field that is not known; there are " + read));
                    }
                });
        if (!wrong.isEmpty()) {
            throw ApiProblem.invalid(wrong);
        }
    }
}
