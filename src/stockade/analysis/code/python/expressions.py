"""Every kind of expression, and who lowers it."""

import ast
import sys

from stockade._python.trees import TemplateText
from stockade.analysis.code.python import access, functions, literals, operators, targets
from stockade.analysis.code.python.lowering import BY_KIND, expression, maybe, name

__all__ = ["expression", "maybe"]

BY_KIND.update(
    {
        ast.Constant: literals.constant,
        ast.Name: name,
        ast.Attribute: access.attribute,
        ast.Call: access.call,
        ast.Subscript: access.subscript,
        ast.Slice: access.slice_,
        ast.List: literals.list_literal,
        ast.Tuple: literals.tuple_literal,
        ast.Set: literals.set_literal,
        ast.Dict: literals.dict_literal,
        ast.Starred: literals.starred,
        ast.JoinedStr: literals.format_text,
        TemplateText: literals.template_text,
        ast.FormattedValue: literals.formatted,
        ast.BinOp: operators.binary,
        ast.UnaryOp: operators.unary,
        ast.BoolOp: operators.logical,
        ast.Compare: operators.compare,
        ast.IfExp: operators.conditional,
        ast.NamedExpr: access.walrus,
        ast.Await: access.await_,
        ast.Yield: access.yield_,
        ast.YieldFrom: access.yield_from,
        ast.Lambda: functions.lambda_,
        ast.ListComp: lambda node, scope: targets.comprehension("list", node, scope),
        ast.SetComp: lambda node, scope: targets.comprehension("set", node, scope),
        ast.DictComp: lambda node, scope: targets.comprehension("map", node, scope),
        ast.GeneratorExp: lambda node, scope: targets.comprehension("generator", node, scope),
    }
)
# Python 3.14's t-strings.
if sys.version_info >= (3, 14):
    BY_KIND[ast.TemplateStr] = literals.template_text
    BY_KIND[ast.Interpolation] = literals.formatted
