package org.consentgateway.api.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;

/** Thread-safe. The documents that counsel and the data protection officer take along. */
public final class ComplianceRoutes {
    private static final List<String> LANGUAGES = List.of("de", "en");

    private final Documents documents;

    /**
     * Immutable.
     *
     * @param missing settings that it has to tell of and that have no value
     */
    public record Document(
            String name, String title, String markdown, String html, List<String> missing) {
        public Document {
            missing = List.copyOf(missing);
        }
    }

    /** Who makes them, of what is in force. */
    public interface Documents {
        /**
         * @throws IOException where a template cannot be read or asks for what is not known
         */
        List<Document> in(String language) throws IOException;
    }

    public ComplianceRoutes(Documents documents) {
        this.documents = documents;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/compliance", ApiScope.PROOF_READ, this::all));
    }

    private ApiAnswer all(ApiRequest request) {
        String language = request.query("language").orElse(LANGUAGES.getFirst());
        if (!LANGUAGES.contains(language)) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "language is one of " + String.join(", ", LANGUAGES));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("language", language);
        ArrayNode all = json.putArray("documents");
        for (Document each : made(language)) {
            ObjectNode one = all.addObject().put("name", each.name()).put("title", each.title());
            one.put("markdown", each.markdown()).put("html", each.html());
            ArrayNode missing = one.putArray("missing");
            each.missing().forEach(missing::add);
        }
        return ApiAnswer.impersonal(json);
    }

    private List<Document> made(String language) {
        try {
            return documents.in(language);
        } catch (IOException e) {
            throw ApiProblem.of(ApiProblem.Kind.CONFLICT, String.valueOf(e.getMessage()));
        }
    }
}
