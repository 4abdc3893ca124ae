package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/**
 * Thread-safe. Whether the log is whole and who has seen that; what an auditor takes along to check
 * it without us.
 */
public final class ProofPages implements ConsolePages {
    /** The documents for counsel, by the names that the API has for them. */
    static final List<String> DOCUMENTS =
            List.of(
                    "dpia",
                    "record-of-processing",
                    "measures",
                    "processor-agreement",
                    "privacy-notice",
                    "deletion-concept",
                    "legal-profile",
                    "checklists",
                    "ai-act",
                    "us-profile");

    private static final String PATH = ConsoleSection.PROOF.path();
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9.-]{1,80}");
    private static final Pattern DOCUMENT = Pattern.compile("([a-z-]{1,40})\\.(md|html)");
    private static final String TEXT = "text/plain; charset=utf-8";

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        ApiScope read = ConsoleSection.PROOF.scope();
        routes.get(PATH, guard.page(read, ProofPages::show));
        routes.get(PATH + "/checkpoints/{node}", guard.page(read, ProofPages::checkpoint));
        routes.get(PATH + "/verifier.keys", guard.page(read, ProofPages::keys));
        routes.get(PATH + "/policy.txt", guard.page(read, ProofPages::policy));
        routes.get(PATH + "/compliance/{file}", guard.page(read, ProofPages::document));
        routes.get(PATH + "/entry", guard.page(read, ProofPages::entry));
        routes.get(PATH + "/receipt", guard.page(ApiScope.CONSENTS_READ, ProofPages::receipt));
    }

    /** In the language of the page; as Markdown, to be worked on, or as a page that prints. */
    private static void document(Visit visit) {
        Matcher file = DOCUMENT.matcher(visit.context().pathParam("file"));
        if (!file.matches()) {
            throw new ApiRefused(404, "");
        }
        String asked = "/v1/compliance?language=" + visit.words().language();
        JsonNode said = visit.api().get(visit.session(), asked);
        for (JsonNode each : said.path("documents")) {
            if (each.path("name").asText().equals(file.group(1))) {
                String form = file.group(2).equals("md") ? "markdown" : "html";
                file(visit, file.group(), each.path(form).asText());
                return;
            }
        }
        throw new ApiRefused(404, "");
    }

    private static JsonNode overview(Visit visit) {
        return visit.api().get(visit.session(), "/v1/proof");
    }

    private static void show(Visit visit) {
        visit.show(ConsoleSection.PROOF, "proof", ProofView.of(overview(visit), visit));
    }

    private static void checkpoint(Visit visit) {
        String node = visit.context().pathParam("node");
        if (!NODE.matcher(node).matches()) {
            throw new ApiRefused(404, "");
        }
        JsonNode said = visit.api().get(visit.session(), "/v1/proof/checkpoints/" + node);
        file(visit, "checkpoint-" + node + ".txt", said.path("note").asText());
    }

    /** As scripts/gateway ledger verify and the auditor's jar read them. */
    private static void keys(Visit visit) {
        var lines = new StringJoiner("\n", "", "\n");
        for (JsonNode log : overview(visit).path("logs")) {
            log.path("keys").forEach(each -> lines.add(each.path("line").asText()));
        }
        file(visit, "verifier.keys", lines.toString());
    }

    private static void policy(Visit visit) {
        file(visit, "policy.txt", overview(visit).at("/witnesses/policy").asText());
    }

    private static void entry(Visit visit) {
        String id = asked(visit);
        JsonNode said = visit.api().get(visit.session(), "/v1/proof/entries/" + id);
        file(visit, "entry-" + id + ".tlog-proof", said.path("tlog_proof").asText());
    }

    /** It tells of a person, so it is asked for, and recorded, where consents are. */
    private static void receipt(Visit visit) {
        visit.context().redirect("/consents/" + asked(visit) + "/receipt", HttpStatus.SEE_OTHER);
    }

    private static String asked(Visit visit) {
        String id = visit.context().queryParam("id");
        if (id == null || !ID.matcher(id.strip()).matches()) {
            throw new ApiRefused(404, "an id looks like 01a21c3b-a280-7663-a88c-1416b2552064");
        }
        return id.strip();
    }

    private static void file(Visit visit, String name, String text) {
        visit.context()
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .contentType(TEXT)
                .result(text);
    }
}
