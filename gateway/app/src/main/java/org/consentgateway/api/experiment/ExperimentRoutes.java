package org.consentgateway.api.experiment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.statistics.VariantCounts;

/** Thread-safe. How each experiment of the configuration stands; only read. */
public final class ExperimentRoutes {
    private final Supplier<List<Experiment>> experiments;
    private final ApiArchive archive;

    /**
     * @param experiments as the configuration has them now
     */
    public ExperimentRoutes(Supplier<List<Experiment>> experiments, ApiArchive archive) {
        this.experiments = experiments;
        this.archive = archive;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/experiments", ApiScope.STATISTICS_READ, this::list));
    }

    private ApiAnswer list(ApiRequest request) throws LedgerUnavailable {
        List<Experiment> all = experiments.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("experiments");
        if (!all.isEmpty()) {
            LocalDate today = LocalDate.ofInstant(request.at(), ZoneOffset.UTC);
            VariantCounts counts = counts(all);
            json.put("entries_not_counted_yet", counts.left());
            all.forEach(each ->
                    list.add(
                            ExperimentJson.of(
                                    each,
                                    counts.of(each, each.spoken(), today),
                                    counts.of(each, each.tried(), today),
                                    today)));
        }
        return ApiAnswer.impersonal(json);
    }

    private VariantCounts counts(List<Experiment> all) throws LedgerUnavailable {
        try {
            return VariantCounts.of(archive.open(), all, ApiArchive.MOST_COUNTED);
        } catch (IOException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }
}
