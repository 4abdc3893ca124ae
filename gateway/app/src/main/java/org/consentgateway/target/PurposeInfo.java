package org.consentgateway.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.token.ConsentToken;

/**
 * Immutable. What is said of single purposes in the middle of a call, as {@code
 * application/consent+json}: the same over SIP INFO and over a socket.
 *
 * <pre>
 *   assistant: {"event":"step-up","purpose":"recording"}
 *   gateway:   {"event":"asking","purpose":"recording"}
 *              {"event":"granted","purpose":"recording","consent":ID,"purposes":"assistant recording","token":…}
 *           or {"event":"declined","purpose":"recording","reason":"refused"}
 *   the caller ends one:
 *              {"event":"ended","purpose":"recording","consent":ID,"purposes":"assistant","token":…}
 * </pre>
 */
public final class PurposeInfo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "application";
    private static final String SUBTYPE = "consent+json";

    private PurposeInfo() {}

    /** What an assistant asks for; empty where this asks for nothing. */
    static Optional<Purpose> asked(OutgoingCall.InfoBody what) {
        return what.type().equals(TYPE) && what.subtype().equals(SUBTYPE)
                ? asked(what.text())
                : Optional.empty();
    }

    /** The same of a text, by whatever way it came. */
    public static Optional<Purpose> asked(String json) {
        try {
            JsonNode said = JSON.readTree(json);
            return "step-up".equals(said.path("event").asText())
                    ? Optional.of(new Purpose(said.path("purpose").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException noneOfOurs) {
            return Optional.empty();
        }
    }

    static OutgoingCall.InfoBody of(PurposeNews news, Function<DurableGrant, ConsentToken> tokens) {
        return new OutgoingCall.InfoBody(TYPE, SUBTYPE, text(news, tokens));
    }

    /**
     * @param tokens for what holds from now on
     */
    public static String text(PurposeNews news, Function<DurableGrant, ConsentToken> tokens) {
        Map<String, String> said = new LinkedHashMap<>();
        switch (news) {
            case PurposeNews.AskedNow _ -> say(said, "asking", news);
            case PurposeNews.Granted granted -> {
                say(said, "granted", news);
                holds(said, granted.grant(), tokens);
            }
            case PurposeNews.Declined declined -> {
                say(said, "declined", news);
                said.put(
                        "reason", declined.why().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
            case PurposeNews.Ended ended -> {
                say(said, "ended", news);
                holds(said, ended.left(), tokens);
            }
        }
        try {
            return JSON.writeValueAsString(said);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        }
    }

    private static void say(Map<String, String> said, String event, PurposeNews news) {
        said.put("event", event);
        said.put("purpose", news.purpose().id());
    }

    private static void holds(
            Map<String, String> said,
            DurableGrant grant,
            Function<DurableGrant, ConsentToken> tokens) {
        said.put("consent", grant.record().toString());
        said.put(
                "purposes",
                grant.purposes().stream().map(Purpose::id).collect(Collectors.joining(" ")));
        said.put("token", tokens.apply(grant).thin());
    }
}
