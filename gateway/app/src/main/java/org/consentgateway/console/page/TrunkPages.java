package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/** Thread-safe. Trunks and those we dial: do they answer; to ask them now. */
public final class TrunkPages implements ConsolePages {
    private static final String PATH = ConsoleSection.TRUNKS.path();

    /** As the configuration names things. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

    private final InstantSource clock;

    public TrunkPages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        ApiScope read = ConsoleSection.TRUNKS.scope();
        routes.get(PATH, guard.page(ConsoleSection.TRUNKS, "trunks", this::view));
        routes.get(
                PATH + "/live",
                guard.region(read, visit -> visit.region("trunks-region", view(visit))));
        routes.post(PATH + "/probe", guard.page(ApiScope.OPERATION_PROBE, TrunkPages::probe));
    }

    private TrunksView view(Visit visit) {
        JsonNode peers = visit.api().get(visit.session(), "/v1/peers");
        return TrunksView.of(peers, visit, clock.instant());
    }

    private static void probe(Visit visit) {
        String name = visit.form("name");
        if (!NAME.matcher(name).matches()) {
            throw new ApiRefused(404, "");
        }
        visit.api()
                .change(
                        visit.session(),
                        "/v1/peers/" + name + "/probe",
                        JsonNodeFactory.instance.objectNode(),
                        visit.form("once"));
        visit.context().redirect(PATH, HttpStatus.SEE_OTHER);
    }
}
