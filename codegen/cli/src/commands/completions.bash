
# `cargo catalog …` is completed as `cargo-catalog …`, everything else as before.
_cargo_with_catalog() {
    local catalog=1
    [[ "${COMP_WORDS[1]}" == +* ]] && catalog=2
    if [[ "${COMP_WORDS[catalog]}" == catalog && ${COMP_CWORD} -gt ${catalog} ]]; then
        COMP_WORDS=(cargo-catalog "${COMP_WORDS[@]:catalog+1}")
        COMP_CWORD=$((COMP_CWORD - catalog))
        _cargo_catalog cargo-catalog "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        return
    fi
    if [[ -n "${_cargo_before_catalog}" ]]; then
        "${_cargo_before_catalog}" "$@"
    fi
}

# bash-completion reads what it has for a command when that is completed first.
if ! complete -p cargo &>/dev/null; then
    if declare -F _comp_load &>/dev/null; then
        _comp_load cargo
    elif declare -F _completion_loader &>/dev/null; then
        _completion_loader cargo
    fi
fi
if [[ "$(complete -p cargo 2>/dev/null)" =~ -F\ ([^ ]+) && "${BASH_REMATCH[1]}" != _cargo_with_catalog ]]; then
    _cargo_before_catalog="${BASH_REMATCH[1]}"
fi
complete -F _cargo_with_catalog -o bashdefault -o default cargo
