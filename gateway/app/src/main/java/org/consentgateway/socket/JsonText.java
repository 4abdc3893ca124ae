package org.consentgateway.socket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Immutable. JSON messages, read and written as they pass, without a tree of them. */
public final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** Takes the fields of a message, one by one. */
    public interface Fields {
        /**
         * @param in name of the object that the field is in; empty for the message itself
         * @param at stands at the value, which is no object and no array
         */
        void field(String in, String name, JsonParser at) throws IOException;
    }

    /** Writes the fields of a message. */
    public interface Writing {
        void write(JsonGenerator to) throws IOException;
    }

    /**
     * Hands on the fields of a message and of the objects in it; what lies deeper is passed over.
     *
     * @throws IOException if it is no JSON object; says where, and nothing of what stands there
     */
    public static void read(ByteBuf message, Fields fields) throws IOException {
        try (JsonParser parser = parser(message)) {
            readAll(parser, fields);
        } catch (JsonProcessingException e) {
            throw new IOException("no JSON at octet " + e.getLocation().getByteOffset());
        }
    }

    /** The same of an object in the message; nothing where there is none of this name. */
    public static void readIn(String object, ByteBuf message, Fields fields) throws IOException {
        try (JsonParser parser = parser(message)) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(object);
                if (parser.nextToken() == JsonToken.START_OBJECT && found) {
                    readAll(parser, fields);
                    return;
                }
                parser.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw new IOException("no JSON at octet " + e.getLocation().getByteOffset());
        }
    }

    /** Stands at the beginning of the message. */
    private static JsonParser parser(ByteBuf message) throws IOException {
        InputStream in = new ByteBufInputStream(message);
        JsonParser parser = FACTORY.createParser(in);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("a message is no JSON object");
        }
        return parser;
    }

    private static void readAll(JsonParser parser, Fields fields) throws IOException {
        String inside = "";
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null || (token == JsonToken.END_OBJECT && inside.isEmpty())) {
                return;
            }
            switch (token) {
                case END_OBJECT -> inside = "";
                case START_OBJECT -> {
                    if (inside.isEmpty()) {
                        inside = parser.currentName();
                    } else {
                        parser.skipChildren();
                    }
                }
                case START_ARRAY -> parser.skipChildren();
                case FIELD_NAME -> {}
                default -> fields.field(inside, parser.currentName(), parser);
            }
        }
    }

    /** A message; for those that are sent now and then. */
    public static ByteBuf write(ByteBufAllocator allocator, Writing fields) {
        ByteBuf message = allocator.buffer();
        try (OutputStream out = new ByteBufOutputStream(message);
                JsonGenerator to = FACTORY.createGenerator(out)) {
            to.writeStartObject();
            fields.write(to);
            to.writeEndObject();
        } catch (IOException e) {
            message.release();
            throw new UncheckedIOException(e);
        }
        return message;
    }
}
