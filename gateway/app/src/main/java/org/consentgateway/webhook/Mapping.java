package org.consentgateway.webhook;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What becomes of a message for a platform with an interface of its own: a JSONata
 * expression over the event makes the requests that the platform understands. It chooses method,
 * path, headers and body; where they go is not its to say.
 */
public final class Mapping {
    /** An expression that is no longer over by then runs in circles. */
    private static final long MOST_MILLIS = 2_000;

    private static final int MOST_DEPTH = 200;

    /** Requests for one message: a purpose may be an object of its own over there. */
    static final int MOST_REQUESTS = 500;

    private static final int MOST_FILE_OCTETS = 256 * 1024;
    private static final int MOST_WORDS = 200;

    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> MEMBERS = Set.of("method", "path", "headers", "body");

    /** RFC 3986 §3.3 and §3.4: nothing that would end the line or the path early. */
    private static final Pattern PATH =
            Pattern.compile("([/?][A-Za-z0-9/?._~!$&'()*+,;=:@%-]{0,1999})?");

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
    private static final Pattern HEADER_TEXT = Pattern.compile("[\\x20-\\x7e]{0,1000}");

    /** Set by the gateway alone. */
    private static final Pattern OURS =
            Pattern.compile(
                    "host|authorization|connection|content-length|transfer-encoding|user-agent"
                            + "|webhook-.*");

    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final Jsonata expression;

    /** Guards the expression, which keeps its input in itself. */
    private final ReentrantLock lock = new ReentrantLock();

    private Mapping(String name, Jsonata expression) {
        this.name = name;
        this.expression = expression;
    }

    /** It cannot be used, or not for this message; the text says why, and where. */
    public static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why.length() > MOST_WORDS ? why.substring(0, MOST_WORDS) : why);
        }
    }

    /**
     * @throws Unfit where it is no expression
     * @throws IOException where it cannot be read
     */
    public static Mapping of(Path file) throws IOException, Unfit {
        if (Files.size(file) > MOST_FILE_OCTETS) {
            throw new Unfit("is larger than " + MOST_FILE_OCTETS + " octets");
        }
        return of(String.valueOf(file.getFileName()), Files.readString(file));
    }

    static Mapping of(String name, String text) throws Unfit {
        try {
            return new Mapping(name, Jsonata.jsonata(text));
        } catch (JException e) {
            throw new Unfit("line " + line(text, e.getLocation()) + ": " + e.getMessage());
        }
    }

    private static long line(String text, int offset) {
        int end = Math.clamp(offset, 0, text.length());
        return 1 + text.substring(0, end).chars().filter(each -> each == '\n').count();
    }

    String name() {
        return name;
    }

    /**
     * @param event a CloudEvent, with what is known besides
     * @return none where the platform need not know
     */
    List<WebRequest> requests(ObjectNode event, Endpoint endpoint) throws Unfit {
        JsonNode made = JSON.valueToTree(evaluated(event));
        List<WebRequest> requests = new ArrayList<>();
        if (made.isArray()) {
            for (JsonNode each : made) {
                requests.add(request(each, endpoint));
            }
        } else if (!made.isNull() && !made.isMissingNode()) {
            requests.add(request(made, endpoint));
        }
        if (requests.size() > MOST_REQUESTS) {
            throw new Unfit("makes more than " + MOST_REQUESTS + " requests of one message");
        }
        return requests;
    }

    private @Nullable Object evaluated(ObjectNode event) throws Unfit {
        Object input = JSON.convertValue(event, Object.class);
        lock.lock();
        try {
            Jsonata.Frame bounds = expression.createFrame();
            bounds.setRuntimeBounds(MOST_MILLIS, MOST_DEPTH);
            return expression.evaluate(input, bounds);
        } catch (JException e) {
            throw new Unfit(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            // What the library did not foresee must not stop the others' messages.
            throw new Unfit("cannot be evaluated: " + e.getClass().getSimpleName());
        } finally {
            lock.unlock();
        }
    }

    private static WebRequest request(JsonNode made, Endpoint endpoint) throws Unfit {
        if (!made.isObject()) {
            throw new Unfit("must make objects with " + MEMBERS + ", not " + made.getNodeType());
        }
        for (Map.Entry<String, JsonNode> member : made.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new Unfit("makes a member " + member.getKey() + "; there are " + MEMBERS);
            }
        }
        String method = made.path("method").asText("POST");
        if (!METHODS.contains(method)) {
            throw new Unfit("makes a method " + method + "; there are " + METHODS);
        }
        String path = made.path("path").asText();
        if (!PATH.matcher(path).matches()) {
            throw new Unfit(
                    "makes a path that is none: it begins with / or ?, and what is put into it goes"
                            + " through $encodeUrlComponent");
        }
        JsonNode body = made.path("body");
        return new WebRequest(
                method,
                WebRequest.target(endpoint, path),
                headers(made.path("headers"), !body.isMissingNode()),
                body.isMissingNode()
                        ? new byte[0]
                        : body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> headers(JsonNode made, boolean withBody) throws Unfit {
        Map<String, String> headers = new LinkedHashMap<>();
        if (withBody) {
            headers.put("content-type", "application/json");
        }
        headers.put("accept", "application/json");
        for (Map.Entry<String, JsonNode> one : made.properties()) {
            String key = one.getKey().toLowerCase(Locale.ROOT);
            String value = one.getValue().asText();
            if (OURS.matcher(key).matches()) {
                throw new Unfit("makes the header " + key + ", which is the gateway's");
            }
            if (!HEADER.matcher(key).matches() || !HEADER_TEXT.matcher(value).matches()) {
                throw new Unfit("makes a header that is none: name and value are plain ASCII");
            }
            headers.put(key, value);
        }
        return headers;
    }

    @Override
    public String toString() {
        return "Mapping[" + name + "]";
    }
}
