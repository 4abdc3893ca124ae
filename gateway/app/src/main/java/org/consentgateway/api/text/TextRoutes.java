package org.consentgateway.api.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. What is written for callers, how it reads and lasts, and how it sounded. */
public final class TextRoutes {
    private final TextReview texts;
    private final ApiArchive archive;

    public TextRoutes(TextReview texts, ApiArchive archive) {
        this.texts = texts;
        this.archive = archive;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/texts", ApiScope.NOTICES_READ, _ -> review()),
                ApiRoute.get(
                        "/v1/notices/{text_sha256}/sounds/{id}",
                        ApiScope.NOTICES_READ,
                        this::sound));
    }

    private ApiAnswer review() throws LedgerUnavailable {
        TextReview.Review review = ApiArchive.ask(texts::look);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode versions = json.putArray("versions");
        review.versions().forEach(each -> version(versions.addObject(), each));
        ArrayNode findings = json.putArray("findings");
        review.findings().forEach(each -> finding(findings.addObject(), each));
        return ApiAnswer.impersonal(json);
    }

    static void finding(ObjectNode json, TextReview.Finding finding) {
        json.put("kind", finding.kind()).put("file", finding.file()).put("line", finding.line());
        json.put("what", finding.what()).put("right", finding.right());
        if (finding.sentence() != null) {
            json.put("sentence", finding.sentence());
        }
    }

    private static void version(ObjectNode json, TextReview.Version version) {
        TextReview.Name name = version.name();
        json.put("id", name.id()).put("language", name.language());
        json.put("version", name.version()).put("variant", name.variant());
        json.put("valid_from", version.validFrom()).put("review", version.review());
        json.put("approved_by", version.approvedBy()).put("approved_on", version.approvedOn());
        ArrayNode parts = json.putArray("parts");
        for (TextReview.Part each : version.parts()) {
            ObjectNode one = parts.addObject();
            one.put("name", each.name()).put("text", each.text());
            one.put("words", each.words()).put("longest", each.longest());
            ObjectNode scores = one.putObject("scores");
            each.scores().forEach(scores::put);
            if (each.seconds() != null) {
                one.put("seconds", each.seconds());
            }
        }
    }

    /** As callers have heard it; what was never spoken is not there. */
    private ApiAnswer sound(ApiRequest request) throws LedgerUnavailable {
        String hash = request.text("text_sha256");
        String part = request.text("id");
        LedgerArchive opened = ApiArchive.ask(archive::open);
        for (KnownNotice each : ApiArchive.ask(opened::notices)) {
            byte[] octets =
                    each.textSha256().equals(hash)
                            ? ApiArchive.ask(() -> opened.sounds(each)).get(part)
                            : null;
            if (octets != null) {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("part", part).put("seconds", octets.length / (double) WavFile.RATE);
                json.put("wav", Base64.getEncoder().encodeToString(WavFile.of(octets)));
                return ApiAnswer.impersonal(json);
            }
        }
        throw ApiProblem.of(
                ApiProblem.Kind.NOT_FOUND, "no text with this hash has such a part with sound");
    }
}
