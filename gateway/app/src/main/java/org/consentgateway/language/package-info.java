/**
 * What differs from one spoken language to the next, as data: the files of {@code
 * config/languages}.
 */
@NullMarked
package org.consentgateway.language;

import org.jspecify.annotations.NullMarked;
