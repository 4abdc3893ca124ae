/** One line per call for those who count and bill calls: call detail records in files. */
@NullMarked
package org.consentgateway.cdr;

import org.jspecify.annotations.NullMarked;
