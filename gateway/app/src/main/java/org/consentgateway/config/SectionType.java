package org.consentgateway.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. The keys of a section as a record has them. Asked of each record once: reflection
 * makes its answers anew each time, and one reading of a configuration asks some hundred.
 */
final class SectionType<T extends Record> {
    private static final ClassValue<SectionType<?>> KNOWN =
            new ClassValue<>() {
                @Override
                protected SectionType<?> computeValue(Class<?> type) {
                    return new SectionType<>(type.asSubclass(Record.class));
                }
            };

    /**
     * @param setting null where it is not said, which only a section's may be
     */
    record Key(String name, Type type, Class<?> raw, @Nullable Setting setting) {}

    private final Constructor<T> constructor;
    private final List<Key> keys;
    private final List<String> names;

    private SectionType(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            constructor = type.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no canonical constructor", e);
        }
        keys =
                Arrays.stream(components)
                        .map(each ->
                                new Key(
                                        key(each),
                                        each.getGenericType(),
                                        each.getType(),
                                        each.getAnnotation(Setting.class)))
                        .toList();
        names = keys.stream().map(Key::name).toList();
    }

    @SuppressWarnings("unchecked") // it is made of that class
    static <T extends Record> SectionType<T> of(Class<T> type) {
        return (SectionType<T>) KNOWN.get(type);
    }

    /** The YAML key of a component: {@code firstInput} is {@code first-input}. */
    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** In the order of the components. */
    List<Key> keys() {
        return keys;
    }

    List<String> names() {
        return names;
    }

    /**
     * @param values in the order of the keys
     */
    T create(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(constructor + " fails", e);
        }
    }
}
