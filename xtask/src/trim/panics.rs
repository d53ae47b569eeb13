//! Panics without words.
//!
//! In a browser a panic ends in a trap, and its message is written for nobody: there is no standard
//! error, and no hook that prints elsewhere. Yet the code that puts messages together travels with
//! every page. Here the trap comes first, wherever nothing but a panic can follow.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use walrus::{
    FunctionId, InstrLocId, LocalFunction, Module,
    ir::{Call, Instr, InstrSeq, Unreachable, VisitorMut, dfs_pre_order_mut},
};

/// Where panics end up, and those messages whose way there is no straight line.
const ENDS: [&str; 2] = ["rust_begin_unwind", "slice_error_fail_rt"];

/// Makes every panic a bare trap.
pub fn silence(module: &mut Module) -> Result<()> {
    let is_end = |name: &str| ENDS.iter().any(|end| name.contains(end));
    let ends: Vec<_> =
        module.funcs.iter().filter(|it| it.name.as_deref().is_some_and(is_end)).map(|it| it.id()).collect();
    ensure!(!ends.is_empty(), "the WebAssembly names no panic handler");
    for end in &ends {
        let body = module.funcs.get_mut(*end).kind.unwrap_local_mut();
        let entry = body.entry_block();
        body.block_mut(entry).instrs = vec![trap()];
    }
    // Who does nothing but call a trap is one, and so is who calls that.
    let mut traps: HashSet<FunctionId> = ends.into_iter().collect();
    let mut found = usize::MAX;
    while found != traps.len() {
        found = traps.len();
        for (id, function) in module.funcs.iter_local_mut() {
            cut(function, &traps);
            if only_traps(function) {
                traps.insert(id);
            }
        }
    }
    Ok(())
}

fn trap() -> (Instr, InstrLocId) {
    (Instr::Unreachable(Unreachable {}), InstrLocId::default())
}

fn only_traps(function: &LocalFunction) -> bool {
    matches!(function.block(function.entry_block()).first(), Some((Instr::Unreachable(_), _)))
}

/// Ends each sequence of the function where nothing but one of `traps` can follow.
fn cut(function: &mut LocalFunction, traps: &HashSet<FunctionId>) {
    let entry = function.entry_block();
    dfs_pre_order_mut(&mut Cut { traps }, function, entry);
}

struct Cut<'a> {
    traps: &'a HashSet<FunctionId>,
}

impl VisitorMut for Cut<'_> {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        let calls_trap = |instr: &Instr| matches!(instr, Instr::Call(Call { func }) if self.traps.contains(func));
        let Some(call) = sequence.iter().position(|(instr, _)| calls_trap(instr)) else { return };
        // What is computed for a trap alone is of no use to anybody.
        let start = sequence[..call].iter().rposition(|(instr, _)| !is_computation(instr)).map_or(0, |last| last + 1);
        sequence.instrs.truncate(start);
        sequence.instrs.push(trap());
    }
}

/// Touches nothing but this module's own values.
const fn is_computation(instr: &Instr) -> bool {
    matches!(
        instr,
        Instr::Const(_)
            | Instr::LocalGet(_)
            | Instr::LocalSet(_)
            | Instr::LocalTee(_)
            | Instr::GlobalGet(_)
            | Instr::GlobalSet(_)
            | Instr::Load(_)
            | Instr::Store(_)
            | Instr::Binop(_)
            | Instr::Unop(_)
            | Instr::Select(_)
            | Instr::Drop(_)
    )
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, InstrSeqBuilder};

    use super::*;

    fn function(module: &mut Module, name: &str, write: impl FnOnce(&mut InstrSeqBuilder)) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        write(&mut builder.name(name.to_owned()).func_body());
        builder.finish(Vec::new(), &mut module.funcs)
    }

    fn length(module: &Module, id: FunctionId) -> usize {
        let function = module.funcs.get(id).kind.unwrap_local();
        function.block(function.entry_block()).len()
    }

    #[test]
    fn what_leads_to_a_panic_alone_is_cut() {
        let mut module = Module::default();
        let work = function(&mut module, "work", |_| {});
        let handler = function(&mut module, "rust_begin_unwind", |body| {
            body.call(work);
        });
        let panic = function(&mut module, "panic_fmt", |body| {
            body.i32_const(7).drop().call(handler);
        });
        let caller = function(&mut module, "caller", |body| {
            body.call(work).i32_const(7).drop().call(panic).call(work);
        });
        silence(&mut module).unwrap();
        assert_eq!([handler, panic, caller, work].map(|id| length(&module, id)), [1, 1, 2, 0]);
    }

    #[test]
    fn a_file_without_names_is_refused() {
        assert!(silence(&mut Module::default()).is_err());
    }
}
