package org.consentgateway.api.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.ApiBody;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Thread-safe. Another wording of a text, checked as it would be spoken, and what to put where so
 * that it is compared. The files stay the truth: nothing is written.
 */
public final class VariantRoutes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");
    private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");
    private static final Pattern VARIANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,19}");
    private static final Pattern SHARE = Pattern.compile("[1-9][0-9]?");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern PERSON =
            Pattern.compile("(?=.*\\p{L})(?!.*[0-9]{5})[^\\p{Cntrl}]{1,80}");
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9.-]{0,59}");
    private static final Pattern WORDS = Pattern.compile("[^\\p{Cntrl}]{1,1000}");
    private static final int MOST_PARTS = 100;

    private final VariantReview review;

    public VariantRoutes(VariantReview review) {
        this.review = review;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.search("/v1/texts/variant", ApiScope.NOTICES_DRAFT, this::draft));
    }

    private ApiAnswer draft(ApiRequest request) throws LedgerUnavailable {
        ApiBody body = request.body();
        var spoken =
                new TextReview.Name(
                        body.required("id", FOLDER, "a notice, such as demo"),
                        body.required("language", LANGUAGE, "a language, such as de"),
                        body.required("version", VERSION, "a version, such as 2026-11"),
                        body.required("spoken", VARIANT, "the variant of today, such as a"));
        String variant = body.required("variant", VARIANT, "another variant, such as b");
        if (variant.equals(spoken.variant())) {
            body.wrong("variant", "another one than the variant of today");
        }
        String who = body.optional("approved_by", PERSON, "a name, in 80 characters");
        LocalDate today = LocalDate.ofInstant(request.at(), ZoneOffset.UTC);
        var plan =
                new VariantReview.Trial(
                        body.required("name", NAME, "a name of the experiment, such as shorter"),
                        body.required("line", NAME, "a line, such as service"),
                        share(body),
                        day(body, "start", today),
                        day(body, "end", today));
        Map<String, String> texts = texts(body);
        body.done();
        var wish =
                new VariantReview.Wish(
                        spoken,
                        variant,
                        texts,
                        new VariantReview.SignOff(who == null ? "" : who, today),
                        plan);
        return ApiAnswer.impersonal(
                json(
                        ApiArchive.ask(() -> review.draft(wish))
                                .orElseThrow(() ->
                                        ApiProblem.of(
                                                ApiProblem.Kind.NOT_FOUND,
                                                "there is no such text: see /v1/texts"))));
    }

    private static int share(ApiBody body) {
        String share = body.required("share", SHARE, "a percentage from 1 to 99, such as \"50\"");
        return share.isEmpty() ? 1 : Integer.parseInt(share);
    }

    private static LocalDate day(ApiBody body, String name, LocalDate otherwise) {
        String day = body.required(name, DAY, "a day, such as 2026-12-01");
        try {
            return day.isEmpty() ? otherwise : LocalDate.parse(day);
        } catch (DateTimeException e) {
            body.wrong(name, "a day of the calendar, such as 2026-12-01");
            return otherwise;
        }
    }

    private static Map<String, String> texts(ApiBody body) {
        Map<String, String> texts = new HashMap<>();
        for (Map<String, String> row : body.rows("texts", MOST_PARTS)) {
            String part = row.getOrDefault("part", "");
            String words = row.getOrDefault("text", "");
            if (!PART.matcher(part).matches() || !WORDS.matcher(words).matches()) {
                body.wrong("texts", "objects with part and text, in one line and 1,000 characters");
            }
            texts.put(part, words.strip());
        }
        return texts;
    }

    private static ObjectNode json(VariantReview.Draft draft) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("passes", draft.passes()).put("file", draft.file());
        json.put("text", draft.text()).put("block", draft.block());
        ArrayNode findings = json.putArray("findings");
        draft.findings().forEach(each -> TextRoutes.finding(findings.addObject(), each));
        draft.unrecorded().forEach(json.putArray("unrecorded")::add);
        return json;
    }
}
