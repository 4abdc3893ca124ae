/** What is measured: a class for each word of {@code scripts/bench}, and what only it needs. */
@NullMarked
package org.consentgateway.bench.parts;

import org.jspecify.annotations.NullMarked;
