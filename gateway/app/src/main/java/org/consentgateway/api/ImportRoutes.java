package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ImportRow;
import org.consentgateway.proof.imports.WrongRow;

/** Thread-safe. Consents that were given elsewhere. */
final class ImportRoutes {
    /** In one request: it is recorded of each who had it taken over. */
    static final int MOST = 200;

    private final ConsentImport imports;

    ImportRoutes(ConsentImport imports) {
        this.imports = imports;
    }

    List<ApiRoute> all() {
        return List.of(ApiRoute.post("/v1/consents/import", ApiScope.CONSENTS_IMPORT, this::take));
    }

    private ApiAnswer take(ApiRequest request) {
        ApiBody body = request.body();
        String by = body.by();
        boolean dryRun = body.flag("dry_run");
        List<ImportRow> rows = new ArrayList<>();
        for (Map<String, String> fields : body.rows("consents", MOST)) {
            rows.add(new ImportRow(rows.size() + 1, fields));
        }
        body.done();
        try {
            return switch (imports.take(rows, by, dryRun, request.at())) {
                case ConsentImport.Result.Wrong(List<WrongRow> wrong) ->
                        throw ApiProblem.invalid(
                                wrong.stream().map(ImportRoutes::problem).toList());
                case ConsentImport.Result.Done done -> answer(done, dryRun).by(by);
            };
        } catch (ConsentImport.Unavailable e) {
            throw e.refused()
                    ? ApiProblem.of(
                            ApiProblem.Kind.INVALID,
                            "nothing was taken over: no record can be made of one of these")
                    : ApiProblem.of(ApiProblem.Kind.UNAVAILABLE, "nothing was taken over");
        }
    }

    private static ApiProblem.Wrong problem(WrongRow one) {
        return new ApiProblem.Wrong(
                "/consents/%d/%s".formatted(one.row() - 1, one.field()), one.right());
    }

    private static ApiAnswer answer(ConsentImport.Result.Done done, boolean dryRun) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("dry_run", dryRun);
        ArrayNode all = json.putArray("consents");
        List<UUID> ids = new ArrayList<>();
        for (ConsentImport.Row row : done.rows()) {
            all.addObject()
                    .put("reference", row.reference())
                    .put("consent_id", row.consent().toString())
                    .put("result", row.became().name().toLowerCase(Locale.ROOT))
                    .put("counts_in_calls", row.counts());
            ids.add(row.consent());
        }
        boolean written = !dryRun && done.with(ConsentImport.Became.NEW) > 0;
        return ApiAnswer.personal(json, ids).with(written ? 201 : 200);
    }
}
