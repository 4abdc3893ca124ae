package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. What callers are told: every text that was ever spoken, and its words. */
final class NoticeRoutes {
    private final ApiArchive archive;

    NoticeRoutes(ApiArchive archive) {
        this.archive = archive;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/notices", ApiScope.NOTICES_READ, _ -> list()),
                ApiRoute.get("/v1/notices/{text_sha256}", ApiScope.NOTICES_READ, this::words));
    }

    private ApiAnswer list() throws LedgerUnavailable {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("notices");
        for (KnownNotice each : ApiArchive.ask(() -> archive.open().notices())) {
            ObjectNode one = all.addObject();
            one.put("id", each.key().lineage()).put("version", each.key().version());
            one.put("language", each.key().language()).put("variant", each.key().variant());
            one.put("text_sha256", each.textSha256()).put("audio_sha256", each.audioSha256());
            one.put("since", Header.time(each.since()));
        }
        return ApiAnswer.impersonal(json);
    }

    private ApiAnswer words(ApiRequest request) throws LedgerUnavailable {
        String hash = request.text("text_sha256");
        NoticeWords words =
                (hash.matches("[0-9a-f]{64}")
                                ? ApiArchive.ask(() -> archive.open().words(hash))
                                : java.util.Optional.<NoticeWords>empty())
                        .orElseThrow(() ->
                                ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no text with this hash"));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("text_sha256", hash);
        ObjectNode parts = json.putObject("parts");
        words.parts().forEach(parts::put);
        return ApiAnswer.impersonal(json);
    }
}
