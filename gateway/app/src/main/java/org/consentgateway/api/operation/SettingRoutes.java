package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;

/** Thread-safe. What is set on this node; only read, since the file is the truth. */
public final class SettingRoutes {
    private final Supplier<List<KnownSetting>> settings;

    /**
     * Immutable.
     *
     * @param key such as {@code lines[0].numbers}
     * @param value as it is written, without secrets
     * @param line of the file; 0 where it is the default
     * @param meaning in English; empty where it is not known
     */
    public record KnownSetting(String key, String value, int line, String meaning) {}

    /**
     * @param settings as they were read last
     */
    public SettingRoutes(Supplier<List<KnownSetting>> settings) {
        this.settings = settings;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/settings", ApiScope.OPERATION_READ, _ -> settings()));
    }

    private ApiAnswer settings() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("settings");
        for (KnownSetting each : settings.get()) {
            ObjectNode one = all.addObject().put("key", each.key()).put("value", each.value());
            one.put("source", each.line() == 0 ? "default" : "file");
            if (each.line() > 0) {
                one.put("line", each.line());
            }
            one.put("meaning", each.meaning());
        }
        return ApiAnswer.impersonal(json);
    }
}
